using RtcPlatform.Wire.Extensions;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Wire.Payload;

/// <summary>Where a subscriber may begin to receive, whatever the codec.</summary>
public static class KeyFrame
{
    /// <summary>
    /// Whether the packet is the first of a key frame. Every audio packet is one; a payload whose
    /// descriptor cannot be read is not.
    /// </summary>
    public static bool IsKeyFrameStart(CodecName codec, ReadOnlySpan<byte> payload) => codec switch
    {
        CodecName.Opus or CodecName.Pcmu or CodecName.Pcma => true,
        CodecName.Vp8 => Vp8Descriptor.TryRead(payload, out Vp8Descriptor vp8) && vp8.IsKeyFrameStart,
        CodecName.Vp9 => Vp9Descriptor.TryRead(payload, out Vp9Descriptor vp9) && vp9.IsKeyFrameStart,
        CodecName.H264 => H264Descriptor.TryRead(payload, out H264Descriptor h264) && h264.IsKeyFrameStart,
        CodecName.Av1 => Av1AggregationHeader.TryRead(payload, out Av1AggregationHeader av1) && av1.IsNewSequence,
        _ => false,
    };

    /// <summary>
    /// The same, but a dependency descriptor, where the sender gives one, decides alone: it is right also when the payload is
    /// encrypted end to end.
    /// </summary>
    /// <param name="dependencyDescriptor">The extension's value, empty when absent.</param>
    public static bool IsKeyFrameStart(CodecName codec, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> dependencyDescriptor) =>
        DependencyDescriptor.TryRead(dependencyDescriptor, out DependencyDescriptor descriptor)
            ? descriptor.IsKeyFrameStart
            : IsKeyFrameStart(codec, payload);
}
