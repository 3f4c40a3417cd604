using System.Buffers.Binary;

namespace RtcPlatform.Benchmarks.Srtp;

/// <summary>A shared payload and a slot for each copy of it, with its header in place.</summary>
internal sealed class Packets
{
    /// <summary>Fixed header and an extension block of two words.</summary>
    public const int HeaderLength = 24;

    private const int SlotLength = 1664;

    private readonly byte[] _slots;
    private readonly int _count;
    private int _next;

    public Packets(int payloadLength, int count)
    {
        Payload = Keys.Bytes(1, payloadLength);
        _count = count;
        _slots = GC.AllocateArray<byte>(count * SlotLength, pinned: true);
        for (int slot = 0; slot < count; slot++)
        {
            WriteHeader(_slots.AsSpan(slot * SlotLength), (uint)slot);
        }
    }

    public byte[] Payload { get; }

    public int Next() => _next = _next + 1 == _count ? 0 : _next + 1;

    public Span<byte> Slot(int index) => _slots.AsSpan(index * SlotLength, SlotLength);

    private static void WriteHeader(Span<byte> slot, uint ssrc)
    {
        slot[0] = 0x90;
        slot[1] = 96;
        BinaryPrimitives.WriteUInt32BigEndian(slot[8..], ssrc);
        BinaryPrimitives.WriteUInt16BigEndian(slot[12..], 0xBEDE);
        BinaryPrimitives.WriteUInt16BigEndian(slot[14..], 2);
    }
}
