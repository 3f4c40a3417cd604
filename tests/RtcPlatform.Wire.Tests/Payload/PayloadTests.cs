using RtcPlatform.TestKit;
using RtcPlatform.Wire.Payload;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Wire.Tests.Payload;

public class PayloadTests
{
    [Theory]
    [InlineData(CodecName.Opus, "fc", true)]
    [InlineData(CodecName.Vp8, "10 00", true)] // Start, inverse key frame bit clear.
    [InlineData(CodecName.Vp8, "10 01", false)] // Predicted frame.
    [InlineData(CodecName.Vp8, "00 00", false)] // Continuation.
    [InlineData(CodecName.Vp8, "11 00", false)] // Start of the second partition.
    [InlineData(CodecName.Vp8, "90 80 8001 10", true)] // Long picture id in front.
    [InlineData(CodecName.Vp8, "90 80 8001", false)] // Nothing behind the descriptor.
    [InlineData(CodecName.Vp9, "08 00", true)]
    [InlineData(CodecName.Vp9, "48 00", false)] // Predicted.
    [InlineData(CodecName.Vp9, "00 00", false)] // Not the beginning.
    [InlineData(CodecName.Vp9, "28 03 00 00", false)] // Not predicted, but the second spatial layer.
    [InlineData(CodecName.Vp9, "28 00 00 00", true)]
    [InlineData(CodecName.H264, "65 88", true)] // IDR.
    [InlineData(CodecName.H264, "67 42", true)] // SPS.
    [InlineData(CodecName.H264, "68 ce", false)] // PPS alone.
    [InlineData(CodecName.H264, "61 9a", false)]
    [InlineData(CodecName.H264, "78 0002 6742 0001 68", true)] // STAP-A with SPS and PPS.
    [InlineData(CodecName.H264, "78 0002 0942 0001 65", true)]
    [InlineData(CodecName.H264, "78 0002 0942 0001 61", false)]
    [InlineData(CodecName.H264, "78 0009 6742", false)] // STAP-A that overruns.
    [InlineData(CodecName.H264, "78 0000 0002 6742", false)] // STAP-A with an empty unit.
    [InlineData(CodecName.H264, "7c 85 00", true)] // FU-A, first fragment of an IDR.
    [InlineData(CodecName.H264, "7c 05 00", false)] // Later fragment.
    [InlineData(CodecName.H264, "7c 81 00", false)]
    [InlineData(CodecName.H264, "60 00", false)]
    [InlineData(CodecName.Av1, "18 0a", true)]
    [InlineData(CodecName.Av1, "10 32", false)]
    [InlineData(CodecName.Av1, "98 32", false)] // New sequence and continuation exclude each other.
    [InlineData(CodecName.None, "10 00", false)]
    public void Key_frame_start_is_seen_in_the_descriptor(CodecName codec, string payload, bool expected) =>
        Assert.Equal(expected, KeyFrame.IsKeyFrameStart(codec, Hex.Decode(payload)));

    [Theory]
    [InlineData("80 0001 80", true)]
    [InlineData("80 0001 40", false)]
    [InlineData("00 0001 80", false)]
    [InlineData("c0 0001", false)]
    [InlineData("", true)] // Absent: the payload tells, and says yes.
    [InlineData("80 00", true)] // Too short to be one.
    public void Dependency_descriptor_decides_over_an_encrypted_payload(string descriptor, bool expected) =>
        Assert.Equal(expected, KeyFrame.IsKeyFrameStart(CodecName.Vp8, Hex.Decode("10 00"), Hex.Decode(descriptor)));

    [Fact]
    public void Vp8_descriptor_gives_fields_and_their_places()
    {
        Assert.True(Vp8Descriptor.TryRead(Hex.Decode("b0 f0 9234 56 a3 01"), out Vp8Descriptor descriptor));
        Assert.Equal(6, descriptor.Length);
        Assert.True(descriptor.IsNonReference);
        Assert.True(descriptor.IsStartOfFrame);
        Assert.False(descriptor.IsKeyFrame);
        Assert.True(descriptor.IsLongPictureId);
        Assert.Equal(0x1234, descriptor.PictureId);
        Assert.Equal(2, descriptor.PictureIdOffset);
        Assert.Equal(0x56, descriptor.Tl0PicIdx);
        Assert.Equal(4, descriptor.Tl0PicIdxOffset);
        Assert.True(descriptor.HasTemporalLayer);
        Assert.Equal(2, descriptor.TemporalLayer);
        Assert.True(descriptor.IsLayerSync);
    }

    [Fact]
    public void Vp8_descriptor_with_only_a_key_index_has_no_layer()
    {
        Assert.True(Vp8Descriptor.TryRead(Hex.Decode("90 90 7f ff 00"), out Vp8Descriptor descriptor));
        Assert.Equal(4, descriptor.Length);
        Assert.Equal(0x7F, descriptor.PictureId);
        Assert.False(descriptor.IsLongPictureId);
        Assert.False(descriptor.HasTemporalLayer);
        Assert.Equal(0, descriptor.TemporalLayer);
        Assert.True(descriptor.IsKeyFrameStart);
    }

    [Fact]
    public void Vp9_flexible_descriptor_skips_its_references()
    {
        Assert.True(Vp9Descriptor.TryRead(Hex.Decode("fd 8123 5b 03 04 aa"), out Vp9Descriptor descriptor));
        Assert.Equal(6, descriptor.Length);
        Assert.Equal(0x0123, descriptor.PictureId);
        Assert.Equal(2, descriptor.TemporalLayer);
        Assert.True(descriptor.IsSwitchingUpPoint);
        Assert.Equal(5, descriptor.SpatialLayer);
        Assert.True(descriptor.IsInterLayerDependent);
        Assert.True(descriptor.IsStartOfFrame);
        Assert.True(descriptor.IsEndOfFrame);
        Assert.True(descriptor.IsNotReferenceForUpperLayers);
    }

    [Fact]
    public void Vp9_scalability_structure_is_measured()
    {
        // Two spatial layers with sizes; two pictures, the second with one reference.
        byte[] payload = Hex.Decode("aa 05 00 07 38 0140 00b4 0280 0168 02 00 14 01 aa");
        Assert.True(Vp9Descriptor.TryRead(payload, out Vp9Descriptor descriptor));
        Assert.Equal(payload.Length - 1, descriptor.Length);
        Assert.Equal(2, descriptor.SpatialLayerCount);
        Assert.Equal(7, descriptor.Tl0PicIdx);
        Assert.True(descriptor.IsKeyFrameStart);
    }

    [Fact]
    public void Vp9_descriptor_with_a_fourth_reference_is_refused() =>
        Assert.False(Vp9Descriptor.TryRead(Hex.Decode("50 03 03 03 02 aa"), out _));

    [Theory]
    [InlineData("b0 f0 9234 56 a3 01")]
    [InlineData("90 90 7f ff 00")]
    public void Every_cut_of_a_vp8_descriptor_is_refused(string text)
    {
        byte[] payload = Hex.Decode(text);
        for (int length = 0; length < payload.Length; length++)
        {
            Assert.False(Vp8Descriptor.TryRead(payload.AsSpan(0, length), out _), $"{length} octets");
        }
    }

    [Theory]
    [InlineData("fd 8123 5b 03 04 aa")]
    [InlineData("aa 05 00 07 38 0140 00b4 0280 0168 02 00 14 01 aa")]
    public void Every_cut_of_a_vp9_descriptor_is_refused(string text)
    {
        byte[] payload = Hex.Decode(text);
        for (int length = 0; length < payload.Length; length++)
        {
            Assert.False(Vp9Descriptor.TryRead(payload.AsSpan(0, length), out _), $"{length} octets");
        }
    }

    [Fact]
    public void Av1_header_is_taken_apart()
    {
        Assert.True(Av1AggregationHeader.TryRead(Hex.Decode("e0 32"), out Av1AggregationHeader header));
        Assert.True(header.ContinuesElement);
        Assert.True(header.IsContinued);
        Assert.Equal(2, header.ElementCount);
        Assert.False(header.IsNewSequence);
        Assert.False(Av1AggregationHeader.TryRead(Hex.Decode("18"), out _));
    }
}
