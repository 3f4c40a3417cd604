using System.Collections.Concurrent;
using System.Diagnostics;

namespace RtcPlatform.Cli.Up;

/// <summary>
/// Keeps programs running until told to stop: one that ends is started again, at once the first time, then after a pause
/// that doubles up to 5 s and is forgotten after a minute of health. Everything happens on the thread that calls
/// <see cref="Run"/> (see <see cref="ChildProcess"/> for why).
/// </summary>
internal sealed class Supervisor(Progress progress) : IDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Healthy = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(7);

    private readonly BlockingCollection<Signal> _signals = [];
    private readonly List<Program> _programs = [];

    /// <summary>Starts a program and returns; the caller sees by itself when it is ready.</summary>
    public ChildProcess Add(string name, Func<Action, ChildProcess> start)
    {
        var program = new Program(name, start);
        _programs.Add(program);
        Launch(program);
        return program.Child!;
    }

    /// <summary>From a signal handler or any thread: <see cref="Run"/> ends.</summary>
    public void RequestStop() => _signals.Add(new Signal(null));

    /// <summary>True when a stop was asked for while waiting.</summary>
    public bool WaitOrStop(TimeSpan pause)
    {
        long until = Stopwatch.GetTimestamp() + (long)(pause.TotalSeconds * Stopwatch.Frequency);
        while (true)
        {
            TimeSpan left = TimeSpan.FromSeconds(Math.Max(0, (until - Stopwatch.GetTimestamp()) / (double)Stopwatch.Frequency));
            if (!_signals.TryTake(out Signal signal, left))
            {
                return false;
            }

            if (signal.Exited is null)
            {
                return true;
            }
        }
    }

    /// <summary>Restarts what ends, until a stop is asked for.</summary>
    public void Run()
    {
        while (true)
        {
            foreach (Program program in _programs.Where(static p => p.Child is null or { HasExited: true }))
            {
                Restart(program);
            }

            // The time-out catches an exit that was signalled while a restart was going on.
            if (_signals.TryTake(out Signal signal, TimeSpan.FromSeconds(1)) && signal.Exited is null)
            {
                return;
            }
        }
    }

    /// <summary>Ends the programs in the reverse order of their start.</summary>
    public void Dispose()
    {
        foreach (Program program in Enumerable.Reverse(_programs))
        {
            program.Child?.Terminate();
        }

        foreach (Program program in Enumerable.Reverse(_programs))
        {
            program.Child?.WaitOrKill(StopPatience);
            program.Child?.Dispose();
        }

        _programs.Clear();
    }

    private void Restart(Program program)
    {
        if (program.Child is { } dead)
        {
            progress.Say($"{program.Name} ended with code {dead.ExitCode} ({dead.LastLine}); starting it again");
            dead.Dispose();
            program.Child = null;
            program.Pause = Stopwatch.GetElapsedTime(program.StartedAt) > Healthy ? TimeSpan.Zero : program.Pause;
            program.NotBefore = Stopwatch.GetTimestamp() + (long)(program.Pause.TotalSeconds * Stopwatch.Frequency);
        }

        if (Stopwatch.GetTimestamp() >= program.NotBefore)
        {
            TimeSpan next = program.Pause == TimeSpan.Zero ? TimeSpan.FromMilliseconds(500) : program.Pause * 2;
            program.Pause = next < LongestPause ? next : LongestPause;
            Launch(program);
            progress.Say($"{program.Name} started again (pid {program.Child!.Id})");
        }
    }

    private void Launch(Program program)
    {
        program.StartedAt = Stopwatch.GetTimestamp();
        program.Child = program.Start(() => _signals.Add(new Signal(program)));
    }

    private readonly record struct Signal(Program? Exited);

    private sealed class Program(string name, Func<Action, ChildProcess> start)
    {
        public string Name { get; } = name;

        public Func<Action, ChildProcess> Start { get; } = start;

        public ChildProcess? Child { get; set; }

        public long StartedAt { get; set; }

        public long NotBefore { get; set; }

        public TimeSpan Pause { get; set; }
    }
}
