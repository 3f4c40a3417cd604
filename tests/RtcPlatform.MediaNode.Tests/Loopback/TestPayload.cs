using System.Buffers.Binary;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.MediaNode.Tests.Loopback;

/// <summary>A VP8 payload that carries its number and a checksum over itself.</summary>
internal static class TestPayload
{
    private const int Head = 2;

    public static void Write(Span<byte> payload, uint number, bool isKeyFrame)
    {
        // RFC 7741: S = 1, partition 0; bit 0 of the frame tag is 0 in key frames.
        payload[0] = 0x10;
        payload[1] = isKeyFrame ? (byte)0x00 : (byte)0x01;
        BinaryPrimitives.WriteUInt32BigEndian(payload[Head..], number);
        for (int index = Head + 4; index < payload.Length - 4; index++)
        {
            payload[index] = (byte)(number + index);
        }

        BinaryPrimitives.WriteUInt32BigEndian(payload[^4..], Crc32.Compute(payload[..^4]));
    }

    public static uint Read(ReadOnlySpan<byte> payload)
    {
        Assert.Equal(Crc32.Compute(payload[..^4]), BinaryPrimitives.ReadUInt32BigEndian(payload[^4..]));
        return BinaryPrimitives.ReadUInt32BigEndian(payload[Head..]);
    }
}
