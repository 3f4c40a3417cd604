using System.Buffers.Binary;
using System.Numerics;

namespace RtcPlatform.MediaClient.Streams;

/// <summary>
/// CRC-32C in four lanes of eight octets each, so that the processor's instruction (three cycles until its result) works on
/// four at once; the lanes are joined by a last CRC-32C over them. Any single burst of up to 32 bits inside a word changes it.
/// </summary>
internal static class LaneChecksum
{
    public static uint Compute(ReadOnlySpan<byte> data)
    {
        uint first = ~0u, second = ~1u, third = ~2u, fourth = ~3u;
        while (data.Length >= 32)
        {
            first = BitOperations.Crc32C(first, BinaryPrimitives.ReadUInt64LittleEndian(data));
            second = BitOperations.Crc32C(second, BinaryPrimitives.ReadUInt64LittleEndian(data[8..]));
            third = BitOperations.Crc32C(third, BinaryPrimitives.ReadUInt64LittleEndian(data[16..]));
            fourth = BitOperations.Crc32C(fourth, BinaryPrimitives.ReadUInt64LittleEndian(data[24..]));
            data = data[32..];
        }

        foreach (byte octet in data)
        {
            first = BitOperations.Crc32C(first, octet);
        }

        return BitOperations.Crc32C(BitOperations.Crc32C(first, (second | ((ulong)third << 32))), fourth);
    }
}
