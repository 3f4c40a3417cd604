using System.Runtime.InteropServices;

namespace RtcPlatform.Net.Threads;

/// <summary>Which processors the calling thread may use and how soon it gets one; Linux only.</summary>
public static unsafe partial class ThreadPlacement
{
    private const int MaskWords = 16;
    private const int PerProcess = 0;

    /// <summary>Keeps the calling thread on these processors (sched_setaffinity).</summary>
    /// <param name="cpus">Numbers from 0 to 1023, as in /proc/cpuinfo.</param>
    /// <returns>False when the kernel refuses, for instance because there is none of these.</returns>
    public static bool TryPin(IReadOnlyList<int> cpus)
    {
        ulong* mask = stackalloc ulong[MaskWords];
        new Span<ulong>(mask, MaskWords).Clear();
        foreach (int cpu in cpus)
        {
            if (cpu is < 0 or >= MaskWords * 64)
            {
                return false;
            }

            mask[cpu / 64] |= 1UL << (cpu % 64);
        }

        return sched_setaffinity(0, MaskWords * sizeof(ulong), mask) == 0;
    }

    /// <summary>Raises or lowers the calling thread's priority (setpriority); raising it needs CAP_SYS_NICE.</summary>
    /// <param name="nice">-20 (first) to 19 (last).</param>
    /// <returns>False when the kernel refuses.</returns>
    public static bool TrySetNice(int nice) => setpriority(PerProcess, (uint)gettid(), nice) == 0;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sched_setaffinity(int thread, nuint size, ulong* mask);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setpriority(int which, uint who, int priority);

    [LibraryImport("libc")]
    private static partial int gettid();
}
