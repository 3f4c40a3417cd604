using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.LoadGenerator.Sending;

/// <summary>What a packet was made from, enough to make it again.</summary>
internal readonly record struct SentPacket(
    ushort Sequence, uint Number, uint Timestamp, ushort PictureId, short Size, bool IsStart, bool IsKey, bool IsLast, long SentAt);

/// <summary>The last 512 packets of a stream, for retransmission.</summary>
internal sealed class SentRing
{
    /// <summary>Asked for again within this time, a packet is on its way still: encoders wait a round trip, and so does this.</summary>
    public static readonly TimeSpan AnswerInterval = TimeSpan.FromMilliseconds(20);

    private const int Capacity = 512;

    private readonly SentPacket[] _packets = new SentPacket[Capacity];
    private readonly MonoTime[] _answerable = new MonoTime[Capacity];

    public void Add(in SentPacket packet)
    {
        _packets[packet.Sequence % Capacity] = packet;
        _answerable[packet.Sequence % Capacity] = MonoTime.Zero;
    }

    /// <summary>Takes a packet to send it again. False when it is too old, was never sent, or was taken a moment ago.</summary>
    public bool TryTake(MonoTime now, ushort sequence, out SentPacket packet)
    {
        packet = _packets[sequence % Capacity];
        if (packet.Size <= 0 || packet.Sequence != sequence || now < _answerable[sequence % Capacity])
        {
            return false;
        }

        _answerable[sequence % Capacity] = now + AnswerInterval;
        return true;
    }
}
