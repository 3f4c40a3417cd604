using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Benchmarks.Rooms;

/// <summary>Slots that nothing is sent from. One memory behind all copies of the struct.</summary>
internal struct SlotSink(byte[] memory) : IDatagramSink
{
    public const int Slots = 256;
    public const int SlotLength = 1664;

    private int _next;
    private int _length;

    public readonly Span<byte> Last => memory.AsSpan((_next - 1 & (Slots - 1)) * SlotLength, _length);

    public static SlotSink Create() => new(GC.AllocateArray<byte>(Slots * SlotLength, pinned: true));

    public readonly Span<byte> Rent() => memory.AsSpan((_next & (Slots - 1)) * SlotLength, SlotLength);

    public void Commit(in TransportAddress to, int length)
    {
        _next++;
        _length = length;
    }
}
