using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.MediaNode.Shard;

/// <summary>
/// When a shard must look at its peers next. Deadlines within one <see cref="Grain"/> are served by one look, so that the
/// cost of looking is bounded however many peers there are.
/// </summary>
internal struct ShardTimers()
{
    /// <summary>Feedback and retransmission requests are this much late at most.</summary>
    public static readonly TimeSpan Grain = TimeSpan.FromMilliseconds(5);

    /// <summary>Without anything due, the shard still wakes so often to publish its counters.</summary>
    public static readonly TimeSpan LongestSleep = TimeSpan.FromMilliseconds(100);

    private MonoTime _next = MonoTime.Zero;
    private MonoTime _lastLook = MonoTime.Zero;

    /// <summary>A deadline may have come nearer.</summary>
    public void Touch(MonoTime deadline) => _next = MonoTime.Min(_next, deadline);

    /// <summary>How long to wait for datagrams.</summary>
    public readonly TimeSpan Patience(MonoTime now)
    {
        MonoTime look = _next > _lastLook + Grain ? _next : _lastLook + Grain;
        if (_next == MonoTime.Never || look - now > LongestSleep)
        {
            return LongestSleep;
        }

        return look > now ? look - now : TimeSpan.Zero;
    }

    /// <summary>True when it is time to look; then every deadline must be touched again.</summary>
    public bool TryBegin(MonoTime now)
    {
        if (now < _next || now < _lastLook + Grain)
        {
            return false;
        }

        _lastLook = now;
        _next = MonoTime.Never;
        return true;
    }
}
