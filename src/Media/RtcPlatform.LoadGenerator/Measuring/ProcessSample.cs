using System.Collections.Immutable;
using System.Globalization;

namespace RtcPlatform.LoadGenerator.Measuring;

/// <summary>The operating system's accounting of a process at one moment.</summary>
/// <param name="UserTicks">Units of 10 ms, ended threads included; sampled by the scheduler's tick, so only a share.</param>
/// <param name="Threads">CPU nanoseconds by thread id (schedstat), with the thread's name.</param>
/// <param name="ResidentKib">VmRSS.</param>
/// <param name="ProportionalKib">Pss: shared pages divided among those who share them. 0 when it may not be read.</param>
internal sealed record ProcessSample(
    long UserTicks,
    long SystemTicks,
    ImmutableDictionary<int, (string Name, long Nanoseconds)> Threads,
    long ResidentKib,
    long ProportionalKib,
    string AllowedCpus)
{
    private const int UserTicksField = 11;

    /// <summary>Null when there is no such process.</summary>
    public static ProcessSample? TryRead(int pid)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            string[] status = File.ReadAllLines($"/proc/{pid}/status");
            return new ProcessSample(
                Number(fields[UserTicksField]),
                Number(fields[UserTicksField + 1]),
                ReadThreads(pid),
                Kib(status, "VmRSS:"),
                ReadProportional(pid),
                Value(status, "Cpus_allowed_list:"));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static ImmutableDictionary<int, (string Name, long Nanoseconds)> ReadThreads(int pid)
    {
        var threads = ImmutableDictionary.CreateBuilder<int, (string, long)>();
        foreach (string folder in Directory.GetDirectories($"/proc/{pid}/task"))
        {
            try
            {
                string spent = File.ReadAllText(Path.Combine(folder, "schedstat")).Split(' ')[0];
                string name = File.ReadAllText(Path.Combine(folder, "comm")).Trim();
                threads[int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture)] = (name, Number(spent));
            }
            catch (IOException)
            {
                // The thread ended while its folder was read: it is one of those that the process's own ticks still hold.
                continue;
            }
        }

        return threads.ToImmutable();
    }

    private static long ReadProportional(int pid)
    {
        try
        {
            return Kib(File.ReadAllLines($"/proc/{pid}/smaps_rollup"), "Pss:");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private static long Kib(string[] lines, string key) => Number(Value(lines, key).Split(' ')[0]);

    private static string Value(string[] lines, string key) =>
        Array.Find(lines, l => l.StartsWith(key, StringComparison.Ordinal))?[key.Length..].Trim() ?? "0";

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
