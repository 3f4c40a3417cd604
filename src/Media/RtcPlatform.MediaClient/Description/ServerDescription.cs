using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using RtcPlatform.Crypto.Dtls;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;
using RtcPlatform.Wire.Sdp;

namespace RtcPlatform.MediaClient.Description;

/// <summary>What an answer says, as far as a client needs it.</summary>
/// <param name="Candidate">The one to check, by <see cref="CandidateLines"/>.</param>
internal sealed record ServerDescription(
    string Ufrag,
    string Password,
    DtlsFingerprint Fingerprint,
    string Setup,
    TransportAddress Candidate,
    ImmutableArray<ServerSection> Sections)
{
    /// <summary>Reads an answer; gives the fault in one sentence when it cannot be used.</summary>
    /// <param name="near">Candidates with this address are taken before all others: where signaling found the server.</param>
    public static bool TryRead(
        string sdp,
        [NotNullWhen(true)] out ServerDescription? description,
        [NotNullWhen(false)] out string? fault,
        IPAddress? near = null)
    {
        description = null;
        if (!SdpParser.TryParse(sdp, out SessionDescription? session, out SdpError? error))
        {
            fault = error.ToString();
            return false;
        }

        MediaDescription? first = session.Media.FirstOrDefault(static m => !m.IsRejected);
        string? ufrag = first?.Transport.IceUfrag ?? session.Transport.IceUfrag;
        string? password = first?.Transport.IcePassword ?? session.Transport.IcePassword;
        string? print = first?.Transport.Fingerprints.Concat(session.Transport.Fingerprints).FirstOrDefault();
        fault = first is null ? "the answer rejects every section"
            : ufrag is null || password is null ? "the answer has no ICE credentials"
            : null;
        if (fault is not null)
        {
            return false;
        }

        if (!DtlsFingerprint.TryParse(print, out DtlsFingerprint? fingerprint))
        {
            fault = "the answer has no usable fingerprint";
            return false;
        }

        if (!CandidateLines.TryChoose(sdp, near, out TransportAddress candidate))
        {
            fault = "the answer has no UDP candidate";
            return false;
        }

        string setup = first!.Transport.Setup ?? session.Transport.Setup ?? "passive";
        description = new ServerDescription(ufrag!, password!, fingerprint, setup, candidate, [.. session.Media.Select(Read)]);
        return true;
    }

    private static ServerSection Read(MediaDescription media)
    {
        SsrcGroup? pair = media.SsrcGroups.FirstOrDefault(static g => g.Semantics == "FID" && g.Ssrcs.Count == 2);
        uint ssrc = pair?.Ssrcs[0] ?? media.Ssrcs.FirstOrDefault();
        return new ServerSection(
            media.Mid ?? "",
            media.Kind == "audio" ? MediaKind.Audio : MediaKind.Video,
            media.IsRejected ? MediaDirection.Inactive : media.Direction,
            ssrc,
            pair?.Ssrcs[1] ?? 0,
            (byte)(media.Extensions.Find(static e => e.Uri == OfferFormat.TransportCcUri)?.Id ?? 0),
            (byte)(media.Extensions.Find(static e => e.Uri == OfferFormat.AudioLevelUri)?.Id ?? 0),
            (byte)(media.Extensions.Find(static e => e.Uri == OfferFormat.MidUri)?.Id ?? 0))
        {
            PayloadTypes = [.. media.RtpMaps.Values.Where(static m => m.Encoding != "rtx").Select(static m => (byte)m.PayloadType)],
            RtxPayloadTypes = [.. media.RtpMaps.Values.Where(static m => m.Encoding == "rtx").Select(static m => (byte)m.PayloadType)],
        };
    }
}

/// <summary>One section of an answer; extension ids are 0 when not accepted.</summary>
/// <param name="Direction">From the server's point of view.</param>
/// <param name="Ssrc">What the server will send in it; 0 when nothing.</param>
internal sealed record ServerSection(
    string Mid, MediaKind Kind, MediaDirection Direction, uint Ssrc, uint RtxSsrc, byte TransportCcId, byte AudioLevelId, byte MidId)
{
    /// <summary>Of codecs; static ones without an a=rtpmap are left out.</summary>
    public ImmutableArray<byte> PayloadTypes { get; init; } = [];

    /// <summary>Of retransmissions (RFC 4588).</summary>
    public ImmutableArray<byte> RtxPayloadTypes { get; init; } = [];
}
