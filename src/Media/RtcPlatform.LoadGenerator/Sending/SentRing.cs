namespace RtcPlatform.LoadGenerator.Sending;

/// <summary>What a packet was made from, enough to make it again.</summary>
internal readonly record struct SentPacket(
    ushort Sequence, uint Number, uint Timestamp, ushort PictureId, short Size, bool IsStart, bool IsKey, bool IsLast, long SentAt);

/// <summary>The last 512 packets of a stream, for retransmission.</summary>
internal sealed class SentRing
{
    private const int Capacity = 512;

    private readonly SentPacket[] _packets = new SentPacket[Capacity];

    public void Add(in SentPacket packet) => _packets[packet.Sequence % Capacity] = packet;

    /// <summary>False when it is too old, or was never sent.</summary>
    public bool TryFind(ushort sequence, out SentPacket packet)
    {
        packet = _packets[sequence % Capacity];
        return packet.Size > 0 && packet.Sequence == sequence;
    }
}
