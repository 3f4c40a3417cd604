namespace RtcPlatform.Engine.Streams;

/// <summary>
/// Which of the last 2,048 extended sequence numbers of one source have arrived, whether first or as a retransmission:
/// the replay window of SRTP sees the two as different sources.
/// </summary>
internal sealed class SequenceWindow
{
    private const int Size = 2048;
    private const int Words = Size / 64;

    private readonly ulong[] _arrived = new ulong[Words];

    public bool IsEmpty { get; private set; } = true;

    public ulong Highest { get; private set; }

    /// <returns>False when it had arrived before, or is too old to tell.</returns>
    public bool TryAdd(ulong sequence)
    {
        if (IsEmpty)
        {
            IsEmpty = false;
            Highest = sequence;
        }
        else if (sequence > Highest)
        {
            Advance(sequence);
        }
        else if (Highest - sequence >= Size || Contains(sequence))
        {
            return false;
        }

        _arrived[Word(sequence)] |= Bit(sequence);
        return true;
    }

    public bool Contains(ulong sequence) => (_arrived[Word(sequence)] & Bit(sequence)) != 0;

    private void Advance(ulong sequence)
    {
        if (sequence - Highest >= Size)
        {
            Array.Clear(_arrived);
        }
        else
        {
            for (ulong skipped = Highest + 1; skipped <= sequence; skipped++)
            {
                _arrived[Word(skipped)] &= ~Bit(skipped);
            }
        }

        Highest = sequence;
    }

    private static int Word(ulong sequence) => (int)(sequence / 64 % Words);

    private static ulong Bit(ulong sequence) => 1UL << (int)(sequence & 63);
}
