namespace RtcPlatform.Media.Contracts;

/// <summary>
/// One side's memory of the control stream, without I/O: numbers what is sent, keeps it until acknowledged, refuses what
/// was received before. Both ends use the same class. Not thread-safe; the owner serialises calls.
/// </summary>
/// <remarks>
/// Use: <see cref="Stamp"/> every outgoing frame; give every incoming one to <see cref="Accept"/> and ignore it when that
/// says <c>false</c>; after a resumed reconnect send <see cref="Unacknowledged"/> again, in order; after a reconnect that
/// was not resumed call <see cref="Reset"/>.
/// </remarks>
public sealed class ReliableLink
{
    /// <summary>Frames kept at most; beyond it the other side is considered lost (see <see cref="Overflowed"/>).</summary>
    public const int Capacity = 65_536;

    private readonly Queue<ControlFrame> _kept = new();
    private ulong _lastSent;
    private ulong _lastReceived;

    /// <summary>True when more than <see cref="Capacity"/> frames wait: resuming is no longer possible.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>True when a frame was skipped: close the stream and resume, then the other side sends it again.</summary>
    public bool HasGap { get; private set; }

    public IEnumerable<ControlFrame> Unacknowledged => _kept;

    public ulong LastReceived => _lastReceived;

    /// <summary>Writes <c>seq</c> and <c>ack</c>; a frame with a request, response or notification is kept until acknowledged.</summary>
    public ControlFrame Stamp(ControlFrame frame)
    {
        frame.Ack = _lastReceived;
        if (!IsKept(frame))
        {
            return frame;
        }

        frame.Seq = ++_lastSent;
        if (_kept.Count == Capacity)
        {
            Overflowed = true;
            _kept.Dequeue();
        }

        _kept.Enqueue(frame);
        return frame;
    }

    /// <summary>Takes the acknowledgement in; says whether the frame is new and must be handled.</summary>
    public bool Accept(ControlFrame frame)
    {
        while (_kept.TryPeek(out ControlFrame? oldest) && oldest.Seq <= frame.Ack)
        {
            _kept.Dequeue();
        }

        if (frame.Seq == 0)
        {
            return true;
        }

        if (frame.Seq != _lastReceived + 1)
        {
            HasGap |= frame.Seq > _lastReceived;
            return false;
        }

        HasGap = false;
        _lastReceived = frame.Seq;
        return true;
    }

    /// <summary>Forgets everything: the other side is a new process.</summary>
    public void Reset()
    {
        _kept.Clear();
        _lastSent = 0;
        _lastReceived = 0;
        Overflowed = false;
        HasGap = false;
    }

    private static bool IsKept(ControlFrame frame) =>
        frame.BodyCase is ControlFrame.BodyOneofCase.Request
            or ControlFrame.BodyOneofCase.Response
            or ControlFrame.BodyOneofCase.Notification;
}
