using RtcPlatform.Crypto.Srtp;
using RtcPlatform.Engine.Streams;
using RtcPlatform.Engine.Tests.TwoPeers;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Rtcp;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Engine.Tests.Sending;

public sealed class OutgoingTests
{
    private readonly RawClient _client = new(Plans.Sending(Plans.SendVideo, Plans.SendAudio));
    private readonly SrtpReceiver _receiver;
    private CollectingSink _sink = new();

    public OutgoingTests()
    {
        using SrtpKeyMaterial keys = Plans.Keys();
        _receiver = keys.CreateReceiver(localIsClient: true);
    }

    [Fact]
    public void The_header_carries_the_subscribers_numbers_and_extension_ids()
    {
        byte[] datagram = Send(7, [1, 2, 3], level: [0x55]);
        RtpPacketView view = Open(datagram, out ulong sequence);

        Assert.Equal(7UL, sequence & 0xFFFF);
        Assert.Equal((Plans.VideoSsrc, (ushort)7, (byte)96), (view.Ssrc, view.SequenceNumber, view.PayloadType));
        Assert.Equal([1, 2, 3], view.Payload.ToArray());
        Assert.True(view.TryGetExtension(Plans.Ids.Mid, out ReadOnlySpan<byte> mid));
        Assert.Equal("0"u8.ToArray(), mid.ToArray());
        Assert.True(view.TryGetExtension(Plans.Ids.AudioLevel, out ReadOnlySpan<byte> level));
        Assert.Equal([0x55], level.ToArray());
        Assert.True(view.TryGetExtension(Plans.Ids.AbsSendTime, out ReadOnlySpan<byte> sendTime));
        Assert.Equal(3, sendTime.Length);
    }

    [Fact]
    public void The_mid_is_left_out_once_the_client_has_reported()
    {
        byte[] report = new byte[64];
        int length = ReceiverReport.Write(report, 1, [new ReportBlock(Plans.VideoSsrc, 0, 0, 1, 0, 0, 0)]);
        _client.SendRtcp(report.AsSpan(0, length));

        Assert.False(Open(Send(1, [1]), out _).TryGetExtension(Plans.Ids.Mid, out _));
    }

    [Fact]
    public void A_retransmission_has_its_own_source_and_the_original_number_in_front()
    {
        var original = new OutgoingRtp { Ssrc = Plans.VideoSsrc, ExtendedSequence = 0x1_1234, PayloadType = 96, Payload = [9, 8] };
        SendStream stream = _client.Peer.FindSend(Plans.VideoTrack)!;
        Assert.Equal(DropReason.None, stream.SendAgain(_client.Now, original, ref _sink));
        RtpPacketView view = Open(_sink.TakeOnly(), out _);

        Assert.Equal((Plans.VideoRtxSsrc, (byte)97), (view.Ssrc, view.PayloadType));
        Assert.Equal([0x12, 0x34, 9, 8], view.Payload.ToArray());
        Assert.Equal(1UL, stream.Statistics.RetransmittedPackets);
    }

    [Fact]
    public void What_cannot_be_sent_says_why()
    {
        SendStream audio = _client.Peer.FindSend(Plans.AudioTrack)!;
        var packet = new OutgoingRtp { PayloadType = 111, Payload = [1] };
        Assert.Equal(DropReason.RtxNotNegotiated, audio.SendAgain(_client.Now, packet, ref _sink));
        packet.Payload = new byte[1480];
        Assert.Equal(DropReason.PacketTooLarge, audio.Send(_client.Now, packet, ref _sink));
        _client.Peer.Close(ref _sink);
        Assert.Equal(DropReason.NotConnected, audio.Send(_client.Now, packet, ref _sink));
        Assert.Equal(3UL, _client.Peer.Drops.Total);
    }

    [Theory]
    [InlineData("profile-level-id=42e01f;packetization-mode=1", "profile-level-id=42e034;packetization-mode=1", true)]
    [InlineData("profile-level-id=42e01f;packetization-mode=1", "profile-level-id=42e01f;packetization-mode=0", false)]
    [InlineData("profile-level-id=42e01f;packetization-mode=1", "profile-level-id=4d001f;packetization-mode=1", true)]
    [InlineData("profile-level-id=640c1f;packetization-mode=1", "profile-level-id=64001f;packetization-mode=1", true)]
    [InlineData("profile-level-id=64001f;packetization-mode=1", "profile-level-id=42e01f;packetization-mode=1", false)]
    [InlineData("profile-level-id=zz;packetization-mode=1", "profile-level-id=42e01f;packetization-mode=1", false)]
    public void H264_is_sent_only_to_those_who_decode_its_profile(string publisher, string subscriber, bool possible) =>
        AssertMaps(CodecName.H264, publisher, subscriber, possible);

    [Theory]
    [InlineData("", "profile-id=0", true)]
    [InlineData("profile-id=2", "profile-id=0", false)]
    [InlineData("profile-id=2", "profile-id=2", true)]
    public void Vp9_is_sent_only_in_the_same_profile(string publisher, string subscriber, bool possible) =>
        AssertMaps(CodecName.Vp9, publisher, subscriber, possible);

    [Fact]
    public void The_same_profile_is_preferred_to_a_larger_one()
    {
        SendStream stream = With(
            Codec(CodecName.H264, 100, "profile-level-id=64001f;packetization-mode=1"),
            Codec(CodecName.H264, 102, "profile-level-id=42e01f;packetization-mode=1"));
        Assert.True(stream.TryMapCodec(Codec(CodecName.H264, 96, "packetization-mode=1;profile-level-id=42e01f"), out CodecBinding? mine));
        Assert.Equal(102, mine.PayloadType);
    }

    private static void AssertMaps(CodecName name, string publisher, string subscriber, bool possible)
    {
        Assert.Equal(possible, With(Codec(name, 100, subscriber)).TryMapCodec(Codec(name, 96, publisher), out CodecBinding? mine));
        Assert.Equal(possible ? 100 : null, (int?)mine?.PayloadType);
    }

    private static SendStream With(params CodecBinding[] codecs) =>
        new RawClient(Plans.Sending(Plans.SendVideo with { Codecs = [.. codecs] })).Peer.FindSend(Plans.VideoTrack)!;

    private static CodecBinding Codec(CodecName name, byte payloadType, string parameters) =>
        new(name, payloadType, 0, 90_000, 1, parameters, RtcpFeedback.None);

    private byte[] Send(ulong sequence, byte[] payload, byte[]? level = null)
    {
        var packet = new OutgoingRtp
        {
            Ssrc = Plans.VideoSsrc,
            ExtendedSequence = sequence,
            Timestamp = 4711,
            PayloadType = 96,
            Payload = payload,
            Extensions = new ForwardedExtensions { AudioLevel = level },
        };
        Assert.Equal(
            DropReason.None, _client.Peer.FindSend(Plans.VideoTrack)!.Send(_client.Now, packet, ref _sink));
        return _sink.TakeOnly();
    }

    private RtpPacketView Open(byte[] datagram, out ulong sequence)
    {
        Assert.True(RtpHeader.TryRead(datagram, out RtpHeader header));
        SrtpResult result = _receiver.TryUnprotectRtp(datagram, header.HeaderLength, out int length, out sequence);
        Assert.Equal(SrtpResult.Ok, result);
        Assert.True(RtpPacketView.TryParse(datagram.AsSpan(0, length), out RtpPacketView view));
        return view;
    }
}
