using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Engine.Tests.TwoPeers;

/// <summary>A sink of fixed slots that allocates nothing; the test empties it by itself.</summary>
internal struct CountingSink(int slots) : IDatagramSink
{
    private readonly byte[][] _slots = [.. Enumerable.Range(0, slots).Select(_ => new byte[2048])];
    private readonly int[] _lengths = new int[slots];

    public int Count { get; private set; }

    public readonly Span<byte> Rent() => _slots[Count];

    public void Commit(in TransportAddress to, int length) => _lengths[Count++] = length;

    public readonly Span<byte> Datagram(int index) => _slots[index].AsSpan(0, _lengths[index]);

    public void Clear() => Count = 0;
}
