using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Engine.Streams;

/// <summary>
/// When the last sender reports left. Their NTP time is the publisher's, so the round trip cannot be had from it, only from
/// recognizing the report that the client answers.
/// </summary>
internal sealed class SenderReportLog
{
    private const int Slots = 8;

    private readonly uint[] _compact = new uint[Slots];
    private readonly MonoTime[] _sentAt = new MonoTime[Slots];
    private int _next;

    public void Add(uint compactNtp, MonoTime sentAt)
    {
        _compact[_next] = compactNtp;
        _sentAt[_next] = sentAt;
        _next = (_next + 1) % Slots;
    }

    public bool TryFind(uint compactNtp, out MonoTime sentAt)
    {
        int slot = _compact.AsSpan().IndexOf(compactNtp);
        sentAt = slot >= 0 ? _sentAt[slot] : default;
        return slot >= 0;
    }
}
