using RtcPlatform.MediaClient.Signal;
using RtcPlatform.MediaClient.Streams;
using RtcPlatform.Signaling.Contract;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Payload;

namespace RtcPlatform.Cli.Tests.Media;

public sealed class CountingTests
{
    [Fact]
    public void Payload_comes_back_whole_and_any_damaged_octet_is_noticed()
    {
        byte[] payload = new byte[80];
        TestPayload.Write(payload, 7, MonoTime.FromMilliseconds(5));
        Assert.True(TestPayload.TryRead(payload, out uint number, out MonoTime sentAt));
        Assert.Equal((7u, MonoTime.FromMilliseconds(5)), (number, sentAt));

        for (int i = 0; i < payload.Length; i++)
        {
            payload[i] ^= 0x10;
            Assert.False(TestPayload.TryRead(payload, out _, out _), $"octet {i}");
            payload[i] ^= 0x10;
        }

        for (int length = 0; length < payload.Length; length++)
        {
            Assert.False(TestPayload.TryRead(payload.AsSpan(0, length), out _, out _), $"{length} octets");
        }
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public void Framing_reads_as_vp8_and_is_found_again(bool isStart, bool isKey)
    {
        byte[] payload = new byte[100];
        int framing = Vp8Framing.Write(payload, isStart, isKey, 0x1234);
        TestPayload.Write(payload.AsSpan(framing), 1, MonoTime.Zero);

        Assert.True(Vp8Descriptor.TryRead(payload, out Vp8Descriptor descriptor));
        Assert.Equal((isStart, isKey, (ushort)0x1234), (descriptor.IsStartOfFrame, descriptor.IsKeyFrame, descriptor.PictureId));
        Assert.Equal(framing, Vp8Framing.FindPayload(payload, out bool isKeyFrameStart));
        Assert.Equal(isKey, isKeyFrameStart);
    }

    [Fact]
    public void Gaps_are_lost_until_the_late_packet_comes()
    {
        var window = new SequenceWindow();
        Assert.Equal(0, window.Lost);
        Assert.True(window.Add(100));
        Assert.True(window.Add(103));
        Assert.Equal(2, window.Lost);
        Assert.False(window.Add(101));
        Assert.Equal(1, window.Lost);
        Assert.True(window.Add(104));
        Assert.Equal(1, window.Lost);
    }

    [Fact]
    public void Refusal_inside_a_hub_error_keeps_its_code_and_its_sentence()
    {
        SignalException refused = SignalException.FromHub(
            "An unexpected error occurred invoking 'Join' on the server. HubException: {\"code\":\"token_expired\",\"message\":\"The token has expired.\"}");
        Assert.Equal((SignalErrorCode.TokenExpired, "The token has expired."), (refused.Code, refused.Message));

        SignalException other = SignalException.FromHub("HubException: {not json");
        Assert.Equal((SignalErrorCode.Internal, "{not json"), (other.Code, other.Message));
    }
}
