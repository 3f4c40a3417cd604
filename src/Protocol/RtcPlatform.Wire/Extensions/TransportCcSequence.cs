using System.Buffers.Binary;

namespace RtcPlatform.Wire.Extensions;

/// <summary>
/// The transport-wide sequence number (draft-holmer-rmcat-transport-wide-cc-extensions-01 section 2). The second version's
/// request for feedback may follow the number; it is not read.
/// </summary>
public static class TransportCcSequence
{
    public const int Length = 2;

    public static void Write(Span<byte> destination, ushort sequence) =>
        BinaryPrimitives.WriteUInt16BigEndian(destination, sequence);

    public static bool TryRead(ReadOnlySpan<byte> value, out ushort sequence)
    {
        bool fits = value.Length >= Length;
        sequence = fits ? BinaryPrimitives.ReadUInt16BigEndian(value) : (ushort)0;
        return fits;
    }
}
