using RtcPlatform.Crypto.Srtp;
using RtcPlatform.Engine.Ice;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Engine;

/// <summary>
/// What all parts of a peer share: where packets go, under which keys, whether they may go, and what was refused.
/// </summary>
internal sealed class PeerTransport(RtcPeerOptions options, MonoTime created) : IDisposable
{
    private bool _failed;
    private bool _closed;
    private MonoTime _heardAt = created;

    // The agent's selected address, kept here for every packet's sake: one object less to fetch.
    private TransportAddress _destination;

    public IceLiteAgent Ice { get; } = new(new CheckCredentials(options.LocalUfrag, options.LocalPassword), created);

    public DropCounters Drops { get; } = new();

    public SrtpSender? Sender { get; private set; }

    /// <summary>Null = tags are written at once.</summary>
    public SrtpTagBatch? Tags { get; } = options.Tags;

    public SrtpReceiver? Receiver { get; private set; }

    public PeerState State { get; private set; }

    /// <summary>When <see cref="Reconsider"/> may find another state; early is possible, late is not.</summary>
    public MonoTime Due { get; private set; } = created + options.DisconnectedAfter;

    public bool CanSend => State is PeerState.Connected or PeerState.Disconnected;

    public ulong DatagramsSent { get; private set; }

    public ulong BytesSent { get; private set; }

    public void SetKeys(MonoTime now, SrtpKeyMaterial keys, bool localIsClient)
    {
        ForgetKeys();
        Sender = keys.CreateSender(localIsClient);
        Receiver = keys.CreateReceiver(localIsClient);
        Reconsider(now);
    }

    /// <summary>Something authentic arrived.</summary>
    public void Heard(MonoTime now)
    {
        _heardAt = now;
        if (State == PeerState.Disconnected)
        {
            Reconsider(now);
        }
    }

    /// <summary>After a check, keys or a deadline: what is the connection now?</summary>
    public void Reconsider(MonoTime now)
    {
        if (_closed)
        {
            return;
        }

        if (!_failed && now >= Ice.LastCheck + options.FailedAfter)
        {
            _failed = true;
            Ice.Expire();
        }
        else if (_failed && !Ice.Selected.IsNone)
        {
            _failed = false;
        }

        _destination = Ice.Selected;
        bool silent = now >= _heardAt + options.DisconnectedAfter;
        State = (_failed, Ice.Selected.IsNone || Sender is null, silent) switch
        {
            (true, _, _) => PeerState.Failed,
            (_, true, _) => PeerState.New,
            (_, _, true) => PeerState.Disconnected,
            _ => PeerState.Connected,
        };
        MonoTime failure = Ice.LastCheck + options.FailedAfter;
        MonoTime silence = silent ? MonoTime.Never : _heardAt + options.DisconnectedAfter;
        Due = _failed ? MonoTime.Never : MonoTime.Min(failure, silence);
    }

    public void Close()
    {
        _closed = true;
        State = PeerState.Closed;
        Due = MonoTime.Never;
    }

    /// <summary>Counts a refusal.</summary>
    public DropReason Counted(DropReason reason)
    {
        if (reason != DropReason.None)
        {
            Drops.Count(reason);
        }

        return reason;
    }

    /// <summary>Protects and sends a compound RTCP packet.</summary>
    public void SendRtcp<TSink>(scoped ReadOnlySpan<byte> rtcp, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        if (!CanSend || Sender is not { } sender)
        {
            Drops.Count(DropReason.NotConnected);
            return;
        }

        int length = sender.ProtectRtcp(sink.Rent(), rtcp);
        if (length > 0)
        {
            Commit(length, ref sink);
        }
    }

    /// <summary>Hands over what stands in the rented slot.</summary>
    public void Commit<TSink>(int length, ref TSink sink)
        where TSink : IDatagramSink, allows ref struct
    {
        DatagramsSent++;
        BytesSent += (ulong)length;
        sink.Commit(_destination, length);
    }

    public void Dispose() => ForgetKeys();

    private void ForgetKeys()
    {
        // Packets that go out with the next flush still need them for their tags.
        Tags?.Complete();
        Sender?.Dispose();
        Receiver?.Dispose();
    }
}
