using System.Buffers.Binary;
using RtcPlatform.Wire.Payload;

namespace RtcPlatform.MediaClient.Streams;

/// <summary>The octets that make a packet look like VP8 (RFC 7741) to whoever reads descriptors and no further.</summary>
internal static class Vp8Framing
{
    private const int DescriptorLength = 4;
    private const int KeyHeaderLength = 10;
    private const int DeltaHeaderLength = 3;

    /// <param name="isStart">First packet of its frame.</param>
    /// <returns>Octets written; what follows is ours.</returns>
    public static int Write(Span<byte> destination, bool isStart, bool isKey, ushort pictureId)
    {
        destination[0] = isStart ? (byte)0x90 : (byte)0x80;
        destination[1] = 0x80;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)(pictureId | 0x8000));
        if (!isStart)
        {
            return DescriptorLength;
        }

        // RFC 6386 section 9.1: frame tag (P bit clear = key frame, show_frame set), start code, 640x360.
        ReadOnlySpan<byte> key = [0x10, 0, 0, 0x9D, 0x01, 0x2A, 0x80, 0x02, 0x68, 0x01];
        ReadOnlySpan<byte> delta = [0x11, 0, 0];
        (isKey ? key : delta).CopyTo(destination[DescriptorLength..]);
        return DescriptorLength + (isKey ? KeyHeaderLength : DeltaHeaderLength);
    }

    /// <summary>Where our own octets begin, whatever length the forwarder's descriptor has; -1 when it is no VP8.</summary>
    public static int FindPayload(ReadOnlySpan<byte> payload, out bool isKeyFrameStart)
    {
        isKeyFrameStart = false;
        if (!Vp8Descriptor.TryRead(payload, out Vp8Descriptor descriptor))
        {
            return -1;
        }

        isKeyFrameStart = descriptor.IsKeyFrameStart;
        int header = !descriptor.IsStartOfFrame ? 0 : descriptor.IsKeyFrame ? KeyHeaderLength : DeltaHeaderLength;
        int start = descriptor.Length + header;
        return start <= payload.Length ? start : -1;
    }
}
