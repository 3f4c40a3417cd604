using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.MediaNode.Shard;

/// <summary>
/// When each transport of a shard must be looked at next: one flat row of times, so that finding who is due among thousands
/// costs microseconds and touches none of the others. A transport's place in it is its <c>Slot</c>.
/// </summary>
internal sealed class DueTable
{
    private long[] _due = new long[64];

    public int Count { get; private set; }

    /// <summary>A new last slot, due at once.</summary>
    public int Add()
    {
        if (Count == _due.Length)
        {
            Array.Resize(ref _due, Count * 2);
        }

        _due[Count] = MonoTime.Zero.Nanoseconds;
        return Count++;
    }

    /// <summary>Removes a slot; the last one takes its place.</summary>
    public void Remove(int slot) => _due[slot] = _due[--Count];

    public void Set(int slot, MonoTime due) => _due[slot] = due.Nanoseconds;

    /// <summary>A deadline may have come nearer; one that moved away is found out when it was due.</summary>
    public void Sooner(int slot, MonoTime due) => _due[slot] = Math.Min(_due[slot], due.Nanoseconds);

    /// <summary>Collects the slots that are due; each must be <see cref="Set"/> again.</summary>
    public void Collect(MonoTime now, List<int> slots)
    {
        ReadOnlySpan<long> all = _due.AsSpan(0, Count);
        for (int slot = 0; slot < all.Length; slot++)
        {
            if (all[slot] <= now.Nanoseconds)
            {
                slots.Add(slot);
            }
        }
    }

    /// <summary>When the next one is due.</summary>
    public MonoTime Soonest()
    {
        long soonest = MonoTime.Never.Nanoseconds;
        foreach (long due in _due.AsSpan(0, Count))
        {
            soonest = Math.Min(soonest, due);
        }

        return new MonoTime(soonest);
    }
}
