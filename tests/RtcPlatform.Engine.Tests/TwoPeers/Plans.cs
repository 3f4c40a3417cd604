using System.Collections.Immutable;
using RtcPlatform.Crypto.Dtls;
using RtcPlatform.Crypto.Srtp;
using RtcPlatform.Engine.Negotiation;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Engine.Tests.TwoPeers;

/// <summary>Plans and keys as a negotiation and a handshake would yield them.</summary>
internal static class Plans
{
    public const uint VideoSsrc = 0x1111_0001;
    public const uint VideoRtxSsrc = 0x1111_0002;
    public const uint AudioSsrc = 0x2222_0001;
    public const string VideoTrack = "TR_video";
    public const string AudioTrack = "TR_audio";

    public static readonly HeaderExtensionIds Ids = new()
    {
        Mid = 1, Rid = 2, RepairedRid = 3, AbsSendTime = 4, TransportCc = 5, AudioLevel = 6, DependencyDescriptor = 7,
    };

    public static readonly CodecBinding Vp8 = new(
        CodecName.Vp8, 96, 97, 90_000, 1, "", RtcpFeedback.Nack | RtcpFeedback.NackPli | RtcpFeedback.CcmFir | RtcpFeedback.TransportCc);

    public static readonly CodecBinding Opus = new(CodecName.Opus, 111, 0, 48_000, 2, "", RtcpFeedback.TransportCc);

    public static ReceiveSection ReceiveVideo(params SourceBinding[] ssrcs) =>
        new("0", VideoTrack, MediaKind.Video, [Vp8], Ids, [.. ssrcs], []);

    public static ReceiveSection ReceiveAudio(params SourceBinding[] ssrcs) =>
        new("1", AudioTrack, MediaKind.Audio, [Opus], Ids, [.. ssrcs], []);

    public static SendSection SendVideo { get; } = new("0", VideoTrack, MediaKind.Video, [Vp8], Ids, VideoSsrc, VideoRtxSsrc);

    public static SendSection SendAudio { get; } = new("1", AudioTrack, MediaKind.Audio, [Opus], Ids, AudioSsrc, 0);

    public static PeerPlan Receiving(params ReceiveSection[] sections) => Plan([.. sections], []);

    public static PeerPlan Sending(params SendSection[] sections) => Plan([], [.. sections]);

    public static SrtpKeyMaterial Keys(SrtpProfile profile = SrtpProfile.AeadAes128Gcm)
    {
        byte[] exported = new byte[profile.ExporterLength];
        new Random(7).NextBytes(exported);
        return new SrtpKeyMaterial(profile, exported);
    }

    public static RtcPeerOptions Options(string name, ulong seed = 1) => new()
    {
        LocalUfrag = name + "frag", LocalPassword = name + "-password-of-22-characters", Cname = name + "-cname", Seed = seed,
    };

    private static PeerPlan Plan(ImmutableArray<ReceiveSection> receive, ImmutableArray<SendSection> send) => new(
        "remote", "remote-password-of-22-chars", DtlsFingerprint.OfCertificate([1]), DtlsRole.Server, receive, send);
}
