using System.Collections.Immutable;
using RtcPlatform.Crypto.Dtls;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Engine.Negotiation;

/// <summary>
/// What one offer and its answer agreed on, complete and immutable: the only thing that a peer learns from SDP. A later
/// plan replaces the earlier one whole; the peer keeps the streams that both name.
/// </summary>
/// <param name="RemoteUfrag">ICE user fragment of the client (RFC 8839).</param>
/// <param name="RemotePassword">ICE password of the client.</param>
/// <param name="RemoteFingerprint">The certificate that the DTLS handshake must show (RFC 8122).</param>
/// <param name="LocalRole">Our side of the DTLS handshake: server when the offer said actpass or active.</param>
/// <param name="Receive">Sections in which the client sends to us, in the order of their m-lines.</param>
/// <param name="Send">Sections in which we send to the client, in the order of their m-lines.</param>
public sealed record PeerPlan(
    string RemoteUfrag,
    string RemotePassword,
    DtlsFingerprint RemoteFingerprint,
    DtlsRole LocalRole,
    ImmutableArray<ReceiveSection> Receive,
    ImmutableArray<SendSection> Send);

/// <summary>A media section in which the client sends one track to us.</summary>
/// <param name="Mid">Its <c>a=mid</c>, 1 to 16 characters.</param>
/// <param name="TrackSid">The track published in it, <c>TR_…</c>.</param>
/// <param name="Codecs">In the order of the answer: the first is what the client will send.</param>
/// <param name="Extensions">Header extension ids that the client will use.</param>
/// <param name="Ssrcs">Sources named by <c>a=ssrc</c>; may be empty (then MID and RID extensions tell).</param>
/// <param name="Rids">Simulcast layers that we accepted, lowest first; empty without simulcast (RFC 8853).</param>
public sealed record ReceiveSection(
    string Mid,
    string TrackSid,
    MediaKind Kind,
    ImmutableArray<CodecBinding> Codecs,
    HeaderExtensionIds Extensions,
    ImmutableArray<SourceBinding> Ssrcs,
    ImmutableArray<string> Rids);

/// <summary>A primary source and its retransmission source (<c>a=ssrc-group:FID</c>, RFC 5576); 0 = none.</summary>
public readonly record struct SourceBinding(uint Ssrc, uint RtxSsrc);

/// <summary>A media section in which we send one track to the client.</summary>
/// <param name="Mid">Its <c>a=mid</c>.</param>
/// <param name="TrackSid">The track sent in it, <c>TR_…</c>.</param>
/// <param name="Codecs">Those the client can decode; the publisher's choice decides which is sent.</param>
/// <param name="Ssrc">The source that the answer announced.</param>
/// <param name="RtxSsrc">The retransmission source that the answer announced, 0 = none.</param>
public sealed record SendSection(
    string Mid,
    string TrackSid,
    MediaKind Kind,
    ImmutableArray<CodecBinding> Codecs,
    HeaderExtensionIds Extensions,
    uint Ssrc,
    uint RtxSsrc)
{
    /// <summary>
    /// RTCP canonical name of the source, at most 255 octets: the same for all tracks of one publisher and for no other's,
    /// since sources of one name are played in sync (RFC 3550 section 6.5.1). Empty = the peer's own.
    /// </summary>
    public string Cname { get; init; } = "";
}
