using System.Collections.Concurrent;
using RtcPlatform.LoadGenerator.Measuring;
using RtcPlatform.LoadGenerator.Plans;
using RtcPlatform.LoadGenerator.Sessions;
using RtcPlatform.Net.Clocks;
using RtcPlatform.Net.Pools;
using RtcPlatform.Net.Threads;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.LoadGenerator.Sending;

/// <summary>
/// The one thread that sends media, so that pacing stays exact whatever the receiving side has to do. It asks for a higher
/// priority, and goes on without when that is not allowed. <see cref="Lateness"/> says how exact it was.
/// </summary>
internal sealed class SendLoop : IDisposable
{
    private const int WantedNice = -10;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(5);

    private readonly LoadPlan _plan;
    private readonly ConcurrentQueue<Action> _work = new();
    private readonly List<PublisherSender> _senders = [];
    private readonly byte[] _scratch = GC.AllocateArray<byte>(PoolSink.ScratchSize, pinned: true);
    private readonly Thread _thread;
    private volatile bool _stop;

    public SendLoop(LoadPlan plan, string threadName)
    {
        _plan = plan;
        _thread = new Thread(Run) { IsBackground = true, Name = threadName };
        _thread.Start();
    }

    /// <summary>How long after its time a packet left. Written by the loop.</summary>
    public Histogram Lateness { get; } = new();

    /// <summary>Any thread.</summary>
    public void Add(PublisherSender sender) => _work.Enqueue(() => _senders.Add(sender));

    /// <summary>Completes when nothing is sent any more for that session. Any thread.</summary>
    public Task Remove(LoadSession session)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Enqueue(() =>
        {
            _senders.RemoveAll(s => s.Session == session);
            done.SetResult();
        });
        return done.Task;
    }

    public void Dispose()
    {
        _stop = true;
        _thread.Join();
    }

    private void Run()
    {
        ThreadPlacement.TrySetNice(WantedNice);
        if (_plan.Cpus.Count > 0)
        {
            ThreadPlacement.TryPin(_plan.Cpus);
        }

        while (!_stop)
        {
            while (_work.TryDequeue(out Action? work))
            {
                work();
            }

            MonoTime next = MonoClock.Now + LongestWait;
            foreach (PublisherSender sender in _senders)
            {
                MonoTime now = MonoClock.Now;
                if (now >= sender.NextDeadline)
                {
                    if (sender.NextDeadline != MonoTime.Zero)
                    {
                        Lateness.Record(now.Nanoseconds - sender.NextDeadline.Nanoseconds);
                    }

                    sender.SendDue(now, NtpTime.FromUnixNanoseconds(WallClock.NowNanoseconds), _scratch);
                }

                next = MonoTime.Min(next, sender.NextDeadline);
            }

            PreciseWait.Until(next);
        }
    }
}
