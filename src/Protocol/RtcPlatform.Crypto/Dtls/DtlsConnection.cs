using RtcPlatform.Crypto.Srtp;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Crypto.Dtls;

/// <summary>
/// One DTLS 1.2 association with use_srtp (RFC 6347, 5764), sans-I/O. Rule of use: after every call that takes a time,
/// drain <see cref="TryTransmit"/>, look at <see cref="State"/>, and call <see cref="HandleTimeout"/> at
/// <see cref="NextTimeout"/>. Not thread-safe. A handshake costs about 0.3 ms: not on a thread that forwards media.
/// </summary>
/// <remarks>
/// The retransmission timer inside OpenSSL reads the machine's clock and no other; <see cref="NextTimeout"/> is its rest
/// added to the caller's time. When the caller's clock runs ahead of it, a call of <see cref="HandleTimeout"/> does
/// nothing and gives the new rest. The deadline of the whole handshake follows the caller's time alone.
/// </remarks>
public sealed class DtlsConnection : IDisposable
{
    /// <summary>Largest datagram that <see cref="TryTransmit"/> gives, in bytes.</summary>
    public const int MaximumDatagram = DatagramBio.MaximumDatagram;

    /// <summary>From the start (client) or the first datagram (server) to Connected.</summary>
    public static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(30);

    private const int ReadAttempts = 4;

    private readonly SslSession _ssl;
    private readonly DtlsFingerprint _expectedRemote;
    private MonoTime _handshakeDeadline = MonoTime.Never;

    /// <param name="identity">Our certificate; may be disposed while connections live on.</param>
    /// <param name="expectedRemote">What signaling announced.</param>
    public DtlsConnection(DtlsIdentity identity, DtlsRole role, DtlsFingerprint expectedRemote)
    {
        _expectedRemote = expectedRemote;
        Role = role;
        _ssl = new SslSession(identity, role);
    }

    public DtlsRole Role { get; }

    public DtlsState State { get; private set; }

    /// <summary>Set when <see cref="State"/> is Failed.</summary>
    public DtlsFailure Failure { get; private set; }

    /// <summary>The SRTP master keys of both directions once Connected; cleared by <see cref="Dispose"/>.</summary>
    public SrtpKeyMaterial? Keys { get; private set; }

    /// <summary>When to call <see cref="HandleTimeout"/>: a retransmission or the end of patience; Never when nothing waits.</summary>
    public MonoTime NextTimeout { get; private set; } = MonoTime.Never;

    /// <summary>Records of application data that arrived and were dropped: nothing above takes them.</summary>
    public long IgnoredRecords { get; private set; }

    /// <summary>Datagrams that were not DTLS records throughout; what stood before the damage was still read.</summary>
    public long MalformedDatagrams { get; private set; }

    /// <summary>A client sends its first flight; a server only starts its patience.</summary>
    public void Start(MonoTime now)
    {
        if (State != DtlsState.New)
        {
            return;
        }

        Begin(now);
        if (Role == DtlsRole.Client)
        {
            Advance();
        }

        Reschedule(now);
    }

    /// <summary>Takes one datagram whose first byte is 20 to 63 (RFC 7983). Anything in it is allowed, nothing throws.</summary>
    public unsafe void HandleDatagram(MonoTime now, ReadOnlySpan<byte> datagram)
    {
        if (!IsOpen || datagram.IsEmpty || (State == DtlsState.New && Role == DtlsRole.Client))
        {
            return;
        }

        var length = DtlsRecords.WellFormedPrefix(datagram);
        if (length < datagram.Length)
        {
            MalformedDatagrams++;
        }

        if (length == 0)
        {
            return;
        }

        if (State == DtlsState.New)
        {
            Begin(now);
        }

        fixed (byte* datagramAt = datagram)
        {
            _ssl.Queues.Lend(datagramAt, length);
            // OpenSSL may first throw away the rest of an earlier damaged datagram and stop there.
            for (var attempt = 0; attempt < ReadAttempts && _ssl.Queues.IsLent && IsOpen; attempt++)
            {
                Advance();
            }

            _ssl.Queues.Withdraw();
        }

        if (State == DtlsState.Connected)
        {
            _ssl.ReleaseBuffers();
        }

        Reschedule(now);
    }

    /// <summary>Sends again what was not answered, or gives up.</summary>
    public void HandleTimeout(MonoTime now)
    {
        if (State == DtlsState.Handshaking)
        {
            if (now >= _handshakeDeadline)
            {
                Fail(DtlsFailure.Timeout);
            }
            else
            {
                Absorb(_ssl.Retransmit());
            }
        }

        Reschedule(now);
    }

    /// <summary>Gives the next datagram to send, also after the end (alerts).</summary>
    /// <param name="destination">At least <see cref="MaximumDatagram"/> bytes.</param>
    /// <exception cref="ArgumentException">The destination is too small: the caller's mistake; nothing is lost.</exception>
    public bool TryTransmit(Span<byte> destination, out int length) => _ssl.Queues.TryTake(destination, out length);

    /// <summary>Sends close_notify when connected, and ends the connection.</summary>
    public void Close()
    {
        if (!IsOpen)
        {
            return;
        }

        if (State == DtlsState.Connected)
        {
            _ssl.SendCloseNotify();
        }

        State = DtlsState.Closed;
        NextTimeout = MonoTime.Never;
    }

    public void Dispose()
    {
        Keys?.Dispose();
        _ssl.Dispose();
    }

    public override string ToString() => $"DtlsConnection({Role}, {State}, {Failure})";

    private bool IsOpen => State is not (DtlsState.Closed or DtlsState.Failed);

    private void Begin(MonoTime now)
    {
        State = DtlsState.Handshaking;
        _handshakeDeadline = now + HandshakeTimeout;
    }

    private void Advance()
    {
        if (State == DtlsState.Handshaking)
        {
            var step = _ssl.Handshake();
            if (step == SslStep.Done)
            {
                Complete();
            }
            else
            {
                Absorb(step);
            }
        }

        if (State == DtlsState.Connected)
        {
            DrainRecords();
        }
    }

    /// <summary>The handshake is complete: only the announced certificate gets keys.</summary>
    private void Complete()
    {
        if (!_ssl.PeerCertificateMatches(_expectedRemote))
        {
            Refuse(DtlsFailure.FingerprintMismatch);
            return;
        }

        Keys = _ssl.ExportKeys();
        if (Keys is null)
        {
            Refuse(DtlsFailure.NoSrtpProfile);
            return;
        }

        State = DtlsState.Connected;
    }

    /// <summary>Reads on: close_notify comes this way, and a lost last flight is sent again from inside the read.</summary>
    private void DrainRecords()
    {
        Span<byte> record = stackalloc byte[2048];
        SslStep step;
        while ((step = _ssl.Read(record, out var length)) == SslStep.Done)
        {
            IgnoredRecords++;
            if (length == 0)
            {
                break;
            }
        }

        Absorb(step);
    }

    private void Absorb(SslStep step)
    {
        switch (step)
        {
            case SslStep.Done or SslStep.WantsMore:
                break;
            case SslStep.Closed:
                _ssl.SendCloseNotify();
                State = DtlsState.Closed;
                break;
            case SslStep.Alert:
                Fail(DtlsFailure.Alert);
                break;
            case SslStep.TimedOut:
                Fail(DtlsFailure.Timeout);
                break;
            default:
                Fail(DtlsFailure.ProtocolError);
                break;
        }
    }

    private void Refuse(DtlsFailure failure)
    {
        _ssl.SendCloseNotify();
        Fail(failure);
    }

    private void Fail(DtlsFailure failure)
    {
        State = DtlsState.Failed;
        Failure = failure;
    }

    private void Reschedule(MonoTime now)
    {
        if (State != DtlsState.Handshaking)
        {
            NextTimeout = MonoTime.Never;
            return;
        }

        var retransmit = _ssl.RetransmitIn() is { } left ? now + left : MonoTime.Never;
        NextTimeout = MonoTime.Min(retransmit, _handshakeDeadline);
    }
}
