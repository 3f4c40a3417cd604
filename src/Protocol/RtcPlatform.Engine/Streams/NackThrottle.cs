using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Engine.Streams;

/// <summary>
/// When each recently requested packet was last answered, so that one loss is repaired once per round trip. Its 3 KiB are
/// made by the first request: most streams on good networks never see one.
/// </summary>
internal sealed class NackThrottle
{
    private const int Slots = 256;

    // Clients repeat a NACK faster than any real path answers; also a bound for amplification on very short paths.
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(10);

    private long[] _answeredAt = [];
    private int[] _sequences = [];

    public bool TryAccept(ushort sequence, MonoTime now, TimeSpan roundTrip)
    {
        if (_sequences.Length == 0)
        {
            _answeredAt = new long[Slots];
            _sequences = new int[Slots];
            Array.Fill(_sequences, -1);
        }

        int slot = sequence % Slots;
        TimeSpan interval = roundTrip > ShortestInterval ? roundTrip : ShortestInterval;
        if (_sequences[slot] == sequence && now < new MonoTime(_answeredAt[slot]) + interval)
        {
            return false;
        }

        _sequences[slot] = sequence;
        _answeredAt[slot] = now.Nanoseconds;
        return true;
    }
}
