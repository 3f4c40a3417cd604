using RtcPlatform.MediaClient.Streams;
using RtcPlatform.Wire.Payload;

namespace RtcPlatform.Cli.Tests.Media;

public sealed class FramingTests
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public void Framing_reads_as_vp8_and_is_found_again(bool isStart, bool isKey)
    {
        byte[] payload = new byte[100];
        int framing = Vp8Framing.Write(payload, isStart, isKey, 0x1234);

        Assert.True(Vp8Descriptor.TryRead(payload, out Vp8Descriptor descriptor));
        Assert.Equal((isStart, isKey, (ushort)0x1234), (descriptor.IsStartOfFrame, descriptor.IsKeyFrame, descriptor.PictureId));
        Assert.Equal(framing, Vp8Framing.FindPayload(payload, out bool isKeyFrameStart));
        Assert.Equal(isKey, isKeyFrameStart);
    }
}
