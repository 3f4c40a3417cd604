using RtcPlatform.MediaNode.Transports;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.MediaNode.Agent;

/// <summary>
/// Bitrates of simulcast layers between two questions about them, whoever asks: nothing is measured while nobody does. Not
/// thread-safe.
/// </summary>
internal sealed class LayerMeter
{
    /// <summary>Pictures come in bursts: over less, a rate says little.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>Over more, a rate is not the present one any more.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, Reading> _readings = new(StringComparer.Ordinal);

    /// <summary>The track was looked at so lately that looking again says nothing new.</summary>
    public bool IsFresh(string track, MonoTime now) =>
        _readings.TryGetValue(track, out Reading? reading) && now - reading.At < Shortest;

    /// <param name="samples">By layer, lowest first; fewer than there are layers while some never came.</param>
    public void Take(string track, MonoTime now, LayerSample[] samples)
    {
        _readings.TryGetValue(track, out Reading? before);
        TimeSpan span = before is null ? TimeSpan.Zero : now - before.At;
        bool isMeasured = before is not null && span >= Shortest && span <= Longest;
        ulong RateOf(int index)
        {
            ulong former = index < before!.Samples.Length ? before.Samples[index].Octets : 0;
            ulong octets = samples[index].Octets;
            return octets > former ? (ulong)((octets - former) * 8 / span.TotalSeconds) : 0;
        }

        Forget(now);
        _readings[track] = new Reading(now, samples, [.. samples.Select((_, index) => isMeasured ? RateOf(index) : 0)]);
    }

    public bool IsActive(string track, int layer) =>
        _readings.TryGetValue(track, out Reading? reading) && layer < reading.Samples.Length && reading.Samples[layer].IsActive;

    /// <summary>Bit/s of payload; 0 while it is not active or was not measured yet.</summary>
    public ulong BitrateOf(string track, int layer) => IsActive(track, layer) ? _readings[track].Rates[layer] : 0;

    // Tracks that ended, or that nobody asks about any more.
    private void Forget(MonoTime now)
    {
        foreach (string old in _readings.Where(entry => now - entry.Value.At > Longest).Select(static entry => entry.Key).ToArray())
        {
            _readings.Remove(old);
        }
    }

    private sealed record Reading(MonoTime At, LayerSample[] Samples, ulong[] Rates);
}
