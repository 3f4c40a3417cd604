using System.Buffers;
using RtcPlatform.Crypto.Dtls;
using RtcPlatform.Net.Clocks;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.MediaNode.Dtls;

/// <summary>
/// The thread on which all handshakes of the node run: one takes about 0.3 ms, which no media thread can spare. It holds
/// the <see cref="DtlsConnection"/>s; their results are posted to the shards, their flights sent past the batches.
/// </summary>
public sealed class DtlsWorker : IDisposable
{
    // Nothing is due earlier than OpenSSL's first retransmission (1 s), so a coarse look at the timers is enough.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly DtlsIdentity _identity;
    private readonly DtlsQueue _queue = new();
    private readonly Dictionary<long, Association> _associations = [];

    // Those that wait for an answer; all others have no timers.
    private readonly HashSet<Association> _waiting = [];
    private readonly List<Association> _due = [];
    private readonly byte[] _outgoing = new byte[DtlsConnection.MaximumDatagram];
    private readonly Thread _thread;
    private long _lastAssociation;

    public DtlsWorker(DtlsIdentity identity)
    {
        _identity = identity;
        _thread = new Thread(Run) { IsBackground = true, Name = "dtls" };
        _thread.Start();
    }

    /// <summary>Prepares an association; any thread. Its number is used with the other calls.</summary>
    /// <param name="send">Sends a datagram at once; called on the handshake thread.</param>
    /// <param name="done">Called on the handshake thread whenever the connection's state changed.</param>
    public long Open(
        DtlsRole role, DtlsFingerprint remote, Action<TransportAddress, ReadOnlyMemory<byte>> send, Action<DtlsConnection> done)
    {
        long association = Interlocked.Increment(ref _lastAssociation);
        _queue.Add(new DtlsInput(association, DtlsInputKind.Open, default) { Request = new DtlsRequest(role, remote, send, done) });
        return association;
    }

    /// <summary>Hands over a datagram from a confirmed address. False = too many are waiting.</summary>
    public bool TryHandle(long association, in TransportAddress from, ReadOnlySpan<byte> datagram) =>
        _queue.TryAddDatagram(association, from, datagram);

    /// <summary>A confirmed address to send to: a client starts its handshake now.</summary>
    public void Start(long association, in TransportAddress to) =>
        _queue.Add(new DtlsInput(association, DtlsInputKind.Datagram, to));

    /// <summary>Says close_notify and forgets the association.</summary>
    public void Close(long association) => _queue.Add(new DtlsInput(association, DtlsInputKind.Close, default));

    /// <summary>Finishes what is queued, then ends the thread.</summary>
    public void Dispose()
    {
        _queue.Close();
        _thread.Join();
        foreach (Association association in _associations.Values)
        {
            association.Connection.Dispose();
        }

        _associations.Clear();
    }

    private void Run()
    {
        MonoTime next = MonoTime.Zero;
        while (true)
        {
            bool hasInput = _queue.TryTake(Tick, out DtlsInput input, out bool isClosed);
            MonoTime now = MonoClock.Now;
            if (hasInput)
            {
                Handle(now, input);
            }

            if (isClosed)
            {
                return;
            }

            if (now >= next)
            {
                next = now + Tick;
                HandleTimeouts(now);
            }
        }
    }

    private void Handle(MonoTime now, in DtlsInput input)
    {
        switch (input.Kind)
        {
            case DtlsInputKind.Open:
                DtlsRequest request = input.Request!;
                _associations.Add(input.Association, new Association(new DtlsConnection(_identity, request.Role, request.Remote), request));
                break;
            case DtlsInputKind.Close:
                Close(now, input.Association);
                break;
            default:
                if (_associations.TryGetValue(input.Association, out Association? association))
                {
                    HandleDatagram(now, association, input);
                }

                if (input.Buffer is not null)
                {
                    ArrayPool<byte>.Shared.Return(input.Buffer);
                }

                break;
        }
    }

    private void HandleDatagram(MonoTime now, Association association, in DtlsInput input)
    {
        association.To = input.Address;
        association.Connection.Start(now);
        if (input.Buffer is not null)
        {
            association.Connection.HandleDatagram(now, input.Buffer.AsSpan(0, input.Length));
        }

        Drain(association);
    }

    private void HandleTimeouts(MonoTime now)
    {
        _due.Clear();
        foreach (Association association in _waiting)
        {
            if (association.Connection.NextTimeout <= now)
            {
                _due.Add(association);
            }
        }

        foreach (Association association in _due)
        {
            association.Connection.HandleTimeout(now);
            Drain(association);
        }
    }

    private void Close(MonoTime now, long number)
    {
        if (!_associations.Remove(number, out Association? association))
        {
            return;
        }

        association.Reported = DtlsState.Closed;
        association.Connection.Close();
        Drain(association);
        _waiting.Remove(association);
        association.Connection.Dispose();
    }

    private void Drain(Association association)
    {
        DtlsConnection connection = association.Connection;
        while (connection.TryTransmit(_outgoing, out int length))
        {
            if (!association.To.IsNone)
            {
                association.Request.Send(association.To, _outgoing.AsMemory(0, length));
            }
        }

        if (connection.NextTimeout == MonoTime.Never)
        {
            _waiting.Remove(association);
        }
        else
        {
            _waiting.Add(association);
        }

        if (association.Reported < connection.State)
        {
            association.Reported = connection.State;
            association.Request.Done(connection);
        }
    }

    private sealed class Association(DtlsConnection connection, DtlsRequest request)
    {
        public DtlsConnection Connection { get; } = connection;

        public DtlsRequest Request { get; } = request;

        public TransportAddress To { get; set; }

        /// <summary>The state that the shard was told last; only what is worth telling counts.</summary>
        public DtlsState Reported { get; set; } = DtlsState.Handshaking;
    }
}
