using System.Diagnostics;
using System.Globalization;
using RtcPlatform.LoadGenerator.Measuring;
using RtcPlatform.LoadGenerator.Plans;
using RtcPlatform.Net.Clocks;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.LoadGenerator.Runs;

/// <summary>The accounting of all watched processes, of the tool itself and of the machine at one moment.</summary>
internal sealed record WatchedProcesses(
    MonoTime At, IReadOnlyList<ProcessSample> Servers, ProcessSample Tool, long IdleTicks, long AllTicks)
{
    private const int IdleField = 3;
    private const int WaitingField = 4;

    /// <exception cref="ArgumentException">One of the processes is gone; the message names it.</exception>
    public static WatchedProcesses Read(IReadOnlyList<WatchedProcess> watched)
    {
        MonoTime at = MonoClock.Now;
        ProcessSample[] servers = [.. watched.Select(static w => ProcessSample.TryRead(w.Pid)
            ?? throw new ArgumentException($"there is no process {w.Pid} ({w.Name})"))];
        using Process self = Process.GetCurrentProcess();
        long[] ticks = [.. File.ReadLines("/proc/stat").First()
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8)
            .Select(static t => long.Parse(t, CultureInfo.InvariantCulture))];
        return new WatchedProcesses(
            at, servers, ProcessSample.TryRead(self.Id)!, ticks[IdleField] + ticks[WaitingField], ticks.Sum());
    }

    public double IdleShareSince(WatchedProcesses before) =>
        AllTicks == before.AllTicks ? 0 : Math.Round((double)(IdleTicks - before.IdleTicks) / (AllTicks - before.AllTicks), 3);
}
