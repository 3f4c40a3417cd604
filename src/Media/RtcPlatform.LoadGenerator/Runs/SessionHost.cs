using RtcPlatform.LoadGenerator.Plans;
using RtcPlatform.LoadGenerator.Receiving;
using RtcPlatform.LoadGenerator.Sending;

namespace RtcPlatform.LoadGenerator.Runs;

/// <summary>The threads of a run: some that receive, one that sends.</summary>
internal sealed class SessionHost : IDisposable
{
    /// <summary>Names of the tool's threads, as the report shows them; the kernel keeps 15 letters.</summary>
    public const string ReceiveName = "load-receive";
    public const string SendName = "load-send";

    private int _next = -1;

    public SessionHost(LoadPlan plan, int sessions)
    {
        Plan = plan;
        Loops = [.. Enumerable.Range(0, plan.ReceiveThreads).Select(_ => new ReceiveLoop(plan, sessions, ReceiveName))];
        Send = new SendLoop(plan, SendName);
    }

    public LoadPlan Plan { get; }

    public IReadOnlyList<ReceiveLoop> Loops { get; }

    public SendLoop Send { get; }

    /// <summary>The loops in turn.</summary>
    public ReceiveLoop NextLoop() => Loops[(int)((uint)Interlocked.Increment(ref _next) % Loops.Count)];

    public void Dispose()
    {
        Send.Dispose();
        foreach (ReceiveLoop loop in Loops)
        {
            loop.Dispose();
        }
    }
}
