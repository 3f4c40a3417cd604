using System.Runtime.InteropServices;

namespace RtcPlatform.Net.Pools;

/// <summary>epoll(7), and the socket options that a pool reads datagrams with (socket(7), udp(7)).</summary>
internal static unsafe partial class LinuxPoll
{
    public const int EPOLL_CLOEXEC = 0x80000;
    public const int EPOLL_CTL_ADD = 1;
    public const int EPOLL_CTL_DEL = 2;
    public const uint EPOLLIN = 1;

    public const int SO_TIMESTAMPNS = 35;
    public const int SO_RXQ_OVFL = 40;
    public const int UDP_GRO = 104;

    /// <summary>struct epoll_event is packed on x64 and aligned elsewhere.</summary>
    public static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    /// <summary>Where the user's 64 bits stand in it.</summary>
    public static readonly int EventData = EventSize - 8;

    [LibraryImport("libc", SetLastError = true)]
    public static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int epoll_ctl(int epoll, int operation, int fd, byte* @event);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int epoll_wait(int epoll, byte* events, int most, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint send(int fd, byte* data, nuint length, int flags);
}
