using System.Collections.Concurrent;
using RtcPlatform.LoadGenerator.Plans;
using RtcPlatform.LoadGenerator.Sessions;
using RtcPlatform.MediaClient;
using RtcPlatform.Net.Clocks;
using RtcPlatform.Net.Pools;
using RtcPlatform.Net.Threads;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.LoadGenerator.Receiving;

/// <summary>
/// One thread with a pool of sockets: runs handshakes, reads, decrypts and checks what arrives. It reads in sweeps, so that
/// one system call brings many packets; their arrival is the kernel's time, so a sweep that comes late delays nobody's
/// latency. Allocates nothing per packet.
/// </summary>
internal sealed class ReceiveLoop : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan TimerInterval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    private readonly LoadPlan _plan;
    private readonly ConcurrentQueue<Action<MonoTime>> _work = new();
    private readonly LoadSession?[] _sessions;
    private readonly long[] _deadlines;
    private readonly byte[] _scratch = GC.AllocateArray<byte>(PoolSink.ScratchSize, pinned: true);
    private readonly Thread _thread;
    private int _handshakes;
    private int _highestSlot = -1;
    private volatile bool _stop;

    public ReceiveLoop(LoadPlan plan, int capacity, string threadName)
    {
        _plan = plan;
        Pool = new UdpPool(new UdpPoolOptions
        {
            Capacity = capacity,
            Coalesce = plan.Coalesce,
            ReceiveBatch = plan.Coalesce ? 8 : 32,
        });
        _sessions = new LoadSession?[capacity];
        _deadlines = new long[capacity];
        Array.Fill(_deadlines, long.MaxValue);
        _thread = new Thread(Run) { IsBackground = true, Name = threadName };
        _thread.Start();
    }

    public UdpPool Pool { get; }

    public LoadMeter Meter { get; } = new();

    /// <summary>From now on the loop runs the session. Any thread.</summary>
    public void Add(LoadSession session) => _work.Enqueue(now =>
    {
        _sessions[session.Slot] = session;
        _highestSlot = Math.Max(_highestSlot, session.Slot);
        _deadlines[session.Slot] = now.Nanoseconds;
        _handshakes++;
        var sink = new PoolSink(Pool, session.Slot, _scratch);
        session.Transport!.HandleTimeout(now, ref sink);
        Follow(session, TransportPhase.Checking, now);
    });

    /// <summary>Says goodbye and closes the socket. Any thread; completes when it is done.</summary>
    public Task Remove(LoadSession session)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Enqueue(_ =>
        {
            if (session.Transport is { } transport)
            {
                bool isOpen = transport.Phase is TransportPhase.Checking or TransportPhase.Handshaking;
                _handshakes -= isOpen && _sessions[session.Slot] == session ? 1 : 0;
                var sink = new PoolSink(Pool, session.Slot, _scratch);
                transport.Close(ref sink);
                transport.Dispose();
            }

            Pool.Close(session.Slot);
            _sessions[session.Slot] = null;
            _deadlines[session.Slot] = long.MaxValue;
            done.SetResult();
        });
        return done.Task;
    }

    public void Dispose()
    {
        _stop = true;
        _thread.Join();
        foreach (LoadSession? session in _sessions)
        {
            session?.Transport?.Dispose();
        }

        Pool.Dispose();
    }

    private void Run()
    {
        if (_plan.Cpus.Count > 0)
        {
            ThreadPlacement.TryPin(_plan.Cpus);
        }

        MonoTime nextTimers = MonoTime.Zero;
        while (!_stop)
        {
            MonoTime now = MonoClock.Now;
            while (_work.TryDequeue(out Action<MonoTime>? work))
            {
                work(now);
            }

            int ready = Pool.Poll(LongestWait);
            now = MonoClock.Now;
            var taker = new Taker(this, now);
            Pool.Sweep(ref taker);
            if (now >= nextTimers)
            {
                RunTimers(now);
                nextTimers = now + TimerInterval;
            }

            // Handshakes are measured by this thread's own clock, so they are not kept waiting.
            if (_handshakes == 0 && ready > 0 && _plan.Sweep > TimeSpan.Zero)
            {
                PreciseWait.Until(now + _plan.Sweep);
            }
        }
    }

    private void Take(int slot, Span<byte> datagram, long arrival, MonoTime now)
    {
        if (_sessions[slot] is not { } session)
        {
            return;
        }

        LoadTransport transport = session.Transport!;
        TransportPhase before = transport.Phase;
        session.Arrival = arrival;
        var sink = new PoolSink(Pool, slot, _scratch);
        transport.HandleDatagram(now, datagram, session, ref sink);
        if (before != TransportPhase.Connected || transport.Phase != before)
        {
            Follow(session, before, now);
            _deadlines[slot] = Math.Min(_deadlines[slot], transport.NextDeadline.Nanoseconds);
        }
    }

    /// <summary>Notes how far the session came.</summary>
    private void Follow(LoadSession session, TransportPhase before, MonoTime now)
    {
        TransportPhase phase = session.Transport!.Phase;
        if (phase == before)
        {
            return;
        }

        if (before == TransportPhase.Checking && phase != TransportPhase.Failed)
        {
            session.Times.Checked = now;
        }

        if (phase == TransportPhase.Connected)
        {
            _handshakes--;
            session.Times.Connected = now;
            session.NextReport = session.IsSubscriber ? now : MonoTime.Never;
            _deadlines[session.Slot] = now.Nanoseconds;
            session.Connected.TrySetResult();
        }
        else if (phase == TransportPhase.Failed)
        {
            _handshakes -= before == TransportPhase.Connected ? 0 : 1;
            session.Connected.TrySetException(new MediaException(session.Transport.FailureReason));
        }
    }

    private void RunTimers(MonoTime now)
    {
        for (int slot = 0; slot <= _highestSlot; slot++)
        {
            if (now.Nanoseconds < _deadlines[slot] || _sessions[slot] is not { } session)
            {
                continue;
            }

            var sink = new PoolSink(Pool, slot, _scratch);
            LoadTransport transport = session.Transport!;
            TransportPhase before = transport.Phase;
            transport.HandleTimeout(now, ref sink);
            if (transport.Phase == TransportPhase.Connected && now >= session.NextReport)
            {
                session.SendReport(now, ref sink);
                session.NextReport = now + ReportInterval;
            }

            Follow(session, before, now);
            MonoTime next = MonoTime.Min(transport.NextDeadline, session.NextReport);
            _deadlines[slot] = transport.Phase == TransportPhase.Failed ? long.MaxValue : next.Nanoseconds;
        }
    }

    private readonly ref struct Taker(ReceiveLoop loop, MonoTime now) : IDatagramTaker
    {
        public void Take(int slot, Span<byte> datagram, long arrival) => loop.Take(slot, datagram, arrival, now);
    }
}
