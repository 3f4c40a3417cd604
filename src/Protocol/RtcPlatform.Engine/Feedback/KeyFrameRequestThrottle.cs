using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Engine.Feedback;

/// <summary>
/// At most one key frame request per half second and source, since a key frame costs many times an ordinary one; requests
/// in between become one at the end of the interval.
/// </summary>
internal sealed class KeyFrameRequestThrottle
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private MonoTime _allowedAt = new(long.MinValue);
    private bool _waiting;

    public ulong Sent { get; private set; }

    /// <summary>Of full intra requests: counts new ones (RFC 5104 section 4.3.1.1).</summary>
    public byte CommandSequence => (byte)Sent;

    /// <summary>When a request that waits may be sent.</summary>
    public MonoTime Due => _waiting ? _allowedAt : MonoTime.Never;

    /// <returns>True when it is to be sent now; false when it waits until <see cref="Due"/>.</returns>
    public bool TryRequest(MonoTime now)
    {
        if (now < _allowedAt)
        {
            _waiting = true;
            return false;
        }

        _waiting = false;
        _allowedAt = now + Interval;
        Sent++;
        return true;
    }

    public void Cancel() => _waiting = false;
}
