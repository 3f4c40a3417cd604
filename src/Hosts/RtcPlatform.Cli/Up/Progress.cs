using System.Diagnostics;

namespace RtcPlatform.Cli.Up;

/// <summary>One line per step, so that it reads the same on a terminal, in a log and in CI.</summary>
internal sealed class Progress(TextWriter output)
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Lock _lock = new();

    public void Say(string line)
    {
        lock (_lock)
        {
            output.WriteLine($"[{Stopwatch.GetElapsedTime(_started).TotalSeconds,6:F1}s] {line}");
            output.Flush();
        }
    }

    /// <summary>A line without decoration, for scripts that wait for it.</summary>
    public void Announce(string line)
    {
        lock (_lock)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }
}
