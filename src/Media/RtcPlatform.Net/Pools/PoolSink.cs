using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Net.Pools;

/// <summary>
/// Where protocols write what goes out on one socket of a pool; each datagram is sent as it is committed. The scratch
/// belongs to the thread that writes, so a sink does, too.
/// </summary>
/// <param name="scratch">At least <see cref="ScratchSize"/> octets.</param>
public readonly struct PoolSink(UdpPool pool, int slot, byte[] scratch) : IDatagramSink
{
    /// <summary>A slot, and slack for ciphers that write in wide blocks.</summary>
    public const int ScratchSize = IDatagramSink.SlotSize + 128;

    public Span<byte> Rent() => scratch;

    /// <param name="to">Not looked at: the socket is connected.</param>
    public void Commit(in TransportAddress to, int length) => pool.Send(slot, scratch.AsSpan(0, length));
}
