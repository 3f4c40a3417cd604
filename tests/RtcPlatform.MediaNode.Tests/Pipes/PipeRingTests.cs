using System.Buffers.Binary;
using RtcPlatform.Forwarding.Routing;
using RtcPlatform.MediaNode.Pipes;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.MediaNode.Tests.Pipes;

/// <summary>The ring alone: what a message is for does not matter to it, so there is no pipe.</summary>
public sealed class PipeRingTests
{
    private static readonly CodecBinding Vp8 = new(CodecName.Vp8, 96, 97, 90_000, 1, "", RtcpFeedback.Nack);

    private readonly PipeRing _ring = new();

    [Fact]
    public void A_packet_comes_out_as_it_went_in()
    {
        Assert.True(_ring.IsEmpty);
        scoped IncomingRtp packet = default;
        packet.ExtendedSequence = 0x1_0000_0007;
        packet.Ssrc = 77;
        packet.Timestamp = 90_000;
        packet.Marker = true;
        packet.StartsKeyFrame = true;
        packet.Codec = Vp8;
        packet.Payload = new byte[] { 1, 2, 3 };
        packet.Extensions.AudioLevel = new byte[] { 9 };
        packet.Extensions.AbsCaptureTime = new byte[] { 8, 7 };
        Assert.True(_ring.TryWrite(null!, 2, packet));

        Assert.True(_ring.TryRead(out PipeMessage message));
        Assert.Equal((PipeMessageKind.Packet, 2, 1), (message.Kind, message.Layer, _ring.Count));
        IncomingRtp read = message.Packet;
        Assert.Equal((0x1_0000_0007UL, 77U, 90_000U, true, true), (
            read.ExtendedSequence, read.Ssrc, read.Timestamp, read.Marker, read.StartsKeyFrame));
        Assert.Same(Vp8, read.Codec);
        Assert.Equal([1, 2, 3], read.Payload.ToArray());
        Assert.Equal([9], read.Extensions.AudioLevel.ToArray());
        Assert.Equal([8, 7], read.Extensions.AbsCaptureTime.ToArray());
        Assert.True(read.Extensions.VideoOrientation.IsEmpty);
        _ring.Release();
        Assert.True(_ring.IsEmpty);
        Assert.False(_ring.TryRead(out _));
    }

    [Fact]
    public void Reports_and_requests_keep_their_place_among_the_packets()
    {
        var clock = new SenderClock(new NtpTime(0xAAAA_BBBB_CCCC_DDDD), 4_711, MonoTime.FromMilliseconds(5));
        Write(1);
        Assert.True(_ring.TryWrite(null!, 1, clock));
        Assert.True(_ring.TryWriteKeyFrameRequest(null!, 2));
        Write(2);
        Assert.Equal(1U, Read());
        Assert.True(_ring.TryRead(out PipeMessage report));
        Assert.Equal((PipeMessageKind.SenderReport, 1, clock), (report.Kind, report.Layer, report.Clock));
        _ring.Release();
        Assert.True(_ring.TryRead(out PipeMessage request));
        Assert.Equal((PipeMessageKind.KeyFrameRequest, 2), (request.Kind, request.Layer));
        _ring.Release();
        Assert.Equal(2U, Read());
    }

    [Fact]
    public void A_full_ring_refuses_until_something_was_read()
    {
        for (uint number = 0; number < PipeRing.Slots; number++)
        {
            Assert.True(Write(number));
        }

        Assert.False(Write(9_999));
        Assert.False(_ring.TryWriteKeyFrameRequest(null!, 0));
        Assert.Equal(PipeRing.Slots, _ring.Count);
        Assert.Equal(0U, Read());
        Assert.True(Write(PipeRing.Slots));
        Assert.False(Write(9_999));
        for (uint number = 1; number <= PipeRing.Slots; number++)
        {
            Assert.Equal(number, Read());
        }

        Assert.True(_ring.IsEmpty);
    }

    [Fact]
    public void It_goes_round_many_times()
    {
        uint written = 0;
        uint read = 0;
        for (int turn = 1; turn < 500; turn++)
        {
            for (int count = 0; count < turn % 97; count++)
            {
                Assert.True(Write(written++));
            }

            while (_ring.Count > turn % 13)
            {
                Assert.Equal(read++, Read());
            }
        }

        Assert.True(written > PipeRing.Slots * 10);
    }

    [Fact]
    public void Two_threads_lose_nothing_mix_nothing_and_keep_the_order()
    {
        const uint Messages = 300_000;
        var writer = new Thread(() =>
        {
            for (uint number = 0; number < Messages;)
            {
                if (Write(number))
                {
                    number++;
                }
                else
                {
                    Thread.Yield();
                }
            }
        });
        writer.Start();
        for (uint expected = 0; expected < Messages;)
        {
            if (_ring.IsEmpty)
            {
                Thread.Yield();
                continue;
            }

            Assert.Equal(expected++, Read());
        }

        writer.Join();
        Assert.True(_ring.IsEmpty);
    }

    /// <summary>A packet of 4 to 400 octets that are all derived from its number.</summary>
    private bool Write(uint number)
    {
        Span<byte> payload = stackalloc byte[4 + (int)(number % 397)];
        payload.Fill((byte)number);
        BinaryPrimitives.WriteUInt32BigEndian(payload, number);
        scoped IncomingRtp packet = default;
        packet.ExtendedSequence = number;
        packet.Codec = Vp8;
        packet.Payload = payload;
        return _ring.TryWrite(null!, 0, packet);
    }

    private uint Read()
    {
        Assert.True(_ring.TryRead(out PipeMessage message));
        ReadOnlySpan<byte> payload = message.Packet.Payload;
        uint number = BinaryPrimitives.ReadUInt32BigEndian(payload);
        Assert.Equal(4 + (int)(number % 397), payload.Length);
        Assert.Equal(-1, payload[4..].IndexOfAnyExcept((byte)number));
        Assert.Equal(number, message.Packet.ExtendedSequence);
        _ring.Release();
        return number;
    }
}
