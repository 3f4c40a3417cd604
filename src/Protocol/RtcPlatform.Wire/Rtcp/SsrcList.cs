using System.Buffers.Binary;

namespace RtcPlatform.Wire.Rtcp;

/// <summary>Synchronization sources one after another, as BYE and REMB carry them.</summary>
public readonly ref struct SsrcList
{
    private readonly ReadOnlySpan<byte> _octets;

    internal SsrcList(ReadOnlySpan<byte> octets) => _octets = octets;

    public int Count => _octets.Length / RtcpFormat.SsrcLength;

    public uint this[int index] => BinaryPrimitives.ReadUInt32BigEndian(_octets[(index * RtcpFormat.SsrcLength)..]);

    internal static void Write(Span<byte> destination, ReadOnlySpan<uint> ssrcs)
    {
        for (int index = 0; index < ssrcs.Length; index++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination[(index * RtcpFormat.SsrcLength)..], ssrcs[index]);
        }
    }
}
