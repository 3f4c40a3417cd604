using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using RtcPlatform.Crypto.Srtp;
using RtcPlatform.Engine;
using RtcPlatform.Forwarding.Producers;
using RtcPlatform.Forwarding.Routing;
using RtcPlatform.MediaNode.Dtls;
using RtcPlatform.MediaNode.Pipes;
using RtcPlatform.MediaNode.Telemetry;
using RtcPlatform.MediaNode.Transports;
using RtcPlatform.Net.Clocks;
using RtcPlatform.Net.Udp;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.MediaNode.Shard;

/// <summary>
/// One thread and one UDP port, and all transports on it. The loop: wait for datagrams or the next deadline, dispatch them, take
/// in what other shards relayed, do what is due, carry out commands, send everything at once. Other threads only
/// <see cref="Post"/> and read <see cref="Counters"/>.
/// </summary>
public sealed class Shard : IDisposable
{
    // Timers and commands are not kept waiting for longer than it takes to forward so many.
    private const int MostPerTurn = 512;

    private static readonly TimeSpan PublishInterval = TimeSpan.FromMilliseconds(100);

    private readonly UdpPort _port;
    private readonly ILogger _logger;
    private readonly ConcurrentQueue<Action<TransportLifecycle>> _commands = new();
    private readonly TransportTable _transports = new();
    private readonly DatagramDispatch _dispatch;
    private readonly TransportLifecycle _life;
    private readonly DeadlineRound _deadlines;
    private readonly ShardTotalsKeeper _totals = new();
    private readonly Thread _thread;
    private MonoTime _nextPublish;
    private volatile bool _isStopping;
    private int _disposed;
    private readonly Outbox _outbox;
    private readonly Action<Router, Exception> _breakRoom;
    private ShardTimers _timers = new();
    private Gathering _gathering;

    internal Shard(
        int index, UdpPort port, TimeSpan gatherFor, DtlsWorker dtls, RoomPipes rooms, ShardListener listener, ILogger<Shard> logger)
    {
        Index = index;
        _port = port;
        _logger = logger;
        Sink = new BatchSink(port.Send);
        port.Send.BeforeFlush = Tags.Complete;
        Pipes = new ShardPipes(this, rooms, _transports);
        _dispatch = new DatagramDispatch(this, _transports, dtls);
        _life = new TransportLifecycle(this, port, dtls, _transports, _totals, listener, logger);
        _deadlines = new DeadlineRound(this, _transports, _life);
        _outbox = new Outbox(this);
        _breakRoom = _deadlines.BreakRoom;
        _gathering = new Gathering(gatherFor);
        _thread = new Thread(Run) { IsBackground = true, Name = $"shard-{index}" };
        _thread.Start();
    }

    public int Index { get; }

    public System.Net.IPEndPoint LocalEndPoint => _port.LocalEndPoint;

    /// <summary>What this shard has done; any thread.</summary>
    public ShardCounters Counters { get; } = new();

    internal BatchSink Sink { get; }

    /// <summary>Tags of packets in <see cref="Sink"/>; for the peers of this shard.</summary>
    internal SrtpTagBatch Tags { get; } = new();

    internal ShardPipes Pipes { get; }

    internal ref ShardTimers Timers => ref _timers;

    internal Outbox Outbox => _outbox;

    /// <summary>Has something done on the shard's thread, soon and in order; any thread.</summary>
    internal void Post(Action<TransportLifecycle> command)
    {
        _commands.Enqueue(command);
        _port.Wake();
    }

    /// <summary>Has it look for what other shards wrote; any thread.</summary>
    internal void Wake() => _port.Wake();

    /// <summary>The same with an answer, or the exception that it met.</summary>
    internal Task<T> AskAsync<T>(Func<TransportLifecycle, T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(life =>
        {
            try
            {
                answer.SetResult(question(life));
            }
            catch (Exception failure)
            {
                answer.SetException(failure);
            }
        });
        return answer.Task;
    }

    /// <summary>A transport's deadline may have come nearer. The shard's thread only.</summary>
    internal void Touch(ShardTransport transport)
    {
        if (transport.Slot >= 0)
        {
            MonoTime due = transport.Peer.NextDeadline;
            _transports.Due.Sooner(transport.Slot, due);
            _timers.Touch(due);
        }
    }

    internal void ProducerStarted(Producer producer, CodecBinding codec) => _life.ProducerStarted(producer, codec);

    /// <summary>Closes all peers and sends their goodbyes; returns when that is done.</summary>
    public void CloseAll()
    {
        using var done = new ManualResetEventSlim();
        Post(life =>
        {
            life.CloseAll("the media node is stopping");
            done.Set();
        });
        done.Wait();
    }

    /// <summary>Ends the thread and closes the port.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        Post(_ => _isStopping = true);
        _thread.Join();
        _port.Dispose();
    }

    private void Run()
    {
        try
        {
            while (!_isStopping)
            {
                Turn();
            }

            _totals.Publish(Counters, _dispatch, _port, Pipes, _transports);
        }
        catch (Exception failure)
        {
            // Nothing of a packet or a command may get here; what does is a defect of the loop itself, and fatal.
            NodeLog.ShardFailed(_logger, Index, failure);
            throw;
        }
    }

    private void Turn()
    {
        MonoTime now = TakeIn();

        // Other shards begin with what was relayed to them while this one forwards.
        Pipes.WakeOthers();
        Pipes.Drain(now, _breakRoom);
        _outbox.Forward(now, _breakRoom);
        Serve(now);
        Pipes.WakeOthers();

        _port.Send.Flush();
        MonoTime end = MonoClock.Now;
        _gathering.Sent(end, end - now, _port.Send.DatagramsFlushed);
        if (now >= _nextPublish)
        {
            _nextPublish = now + PublishInterval;
            _totals.Publish(Counters, _dispatch, _port, Pipes, _transports);
        }
    }

    /// <summary>Waits for a first datagram, then reads all that are there, those of a short while more on a busy shard included.</summary>
    private MonoTime TakeIn()
    {
        int total = Read(Pipes.TryFallAsleep() ? _timers.Patience(MonoClock.Now) : TimeSpan.Zero);
        Pipes.WakeUp();
        if (total < MostPerTurn && !_outbox.IsEmpty && _gathering.Wait() is { Ticks: > 0 } wait)
        {
            _port.Gather(wait);
            _gathering.Gathered(Read(TimeSpan.Zero));
        }

        return _port.Arrival;
    }

    /// <summary>Reads until none are left, or too many for one turn, and takes them in.</summary>
    /// <param name="timeout">How long to wait for the first.</param>
    private int Read(TimeSpan timeout)
    {
        int total = 0;
        int count;
        do
        {
            count = _port.Receive(timeout);
            timeout = TimeSpan.Zero;
            for (int index = 0; index < count; index++)
            {
                Take(_port.Arrival, index);
            }

            total += count;
        }
        while (count == _port.ReceiveCapacity && total < MostPerTurn);

        return total;
    }

    private void Serve(MonoTime now)
    {
        while (_commands.TryDequeue(out Action<TransportLifecycle>? command))
        {
            _timers.Touch(MonoTime.Zero);
            Carry(command);
        }

        if (_timers.TryBegin(now))
        {
            _deadlines.Handle(now);
        }
    }

    private void Carry(Action<TransportLifecycle> command)
    {
        try
        {
            command(_life);
        }
        catch (Exception failure)
        {
            _life.Break(null, failure);
        }
    }

    private void Take(MonoTime now, int index)
    {
        ShardTransport? transport = null;
        ulong handled = _dispatch.Handled;
        try
        {
            _dispatch.Handle(now, _port.Source(index), _port.Packet(index), out transport);
            if (transport is not null)
            {
                _life.Consider(now, transport);
            }
        }
        catch (Exception failure)
        {
            // A broken invariant costs the peer, never the process; the datagram is accounted for all the same.
            _dispatch.Drops.Count(DropReason.InternalDefect, _dispatch.Handled == handled ? 1UL : 0);
            _life.Break(transport, failure);
        }
    }
}
