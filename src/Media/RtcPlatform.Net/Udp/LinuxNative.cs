using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace RtcPlatform.Net.Udp;

/// <summary>The system calls of Linux for batches of datagrams, as in recvmmsg(2), sendmmsg(2), ppoll(2), eventfd(2).</summary>
internal static unsafe partial class LinuxNative
{
    public const int MSG_DONTWAIT = 0x40;
    public const int MSG_TRUNC = 0x20;
    public const int EINTR = 4;
    public const int EAGAIN = 11;
    public const short POLLIN = 1;
    public const short POLLOUT = 4;
    public const int EFD_CLOEXEC = 0x80000;
    public const int EFD_NONBLOCK = 0x800;
    public const int EIO = 5;
    public const int EINVAL = 22;
    public const int SOL_SOCKET = 1;
    public const int SO_SNDBUFFORCE = 32;
    public const int SO_RCVBUFFORCE = 33;
    public const int SOL_UDP = 17;
    public const int UDP_SEGMENT = 103;
    public const ushort AF_INET = 2;
    public const ushort AF_INET6 = 10;

    [LibraryImport("libc", SetLastError = true)]
    public static partial int recvmmsg(int fd, MessageHeader* messages, uint count, int flags, TimeSpec* timeout);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int sendmmsg(int fd, MessageHeader* messages, uint count, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint sendto(int fd, byte* data, nuint length, int flags, SocketName* to, uint toLength);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setsockopt(int fd, int level, int option, void* value, uint length);

    [LibraryImport("libc")]
    public static partial int getsockopt(int fd, int level, int option, void* value, uint* length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int ppoll(PollEntry* entries, nuint count, TimeSpec* timeout, void* signals);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint read(int fd, void* data, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint write(int fd, void* data, nuint length);

    [LibraryImport("libc")]
    public static partial int close(int fd);

    /// <summary>struct mmsghdr on 64-bit Linux: msghdr (56 octets, padded), then the length that was received or sent.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    public struct MessageHeader
    {
        [FieldOffset(0)]
        public SocketName* Name;

        [FieldOffset(8)]
        public uint NameLength;

        [FieldOffset(16)]
        public IoVector* Vectors;

        [FieldOffset(24)]
        public nuint VectorCount;

        [FieldOffset(32)]
        public void* Control;

        [FieldOffset(40)]
        public nuint ControlLength;

        [FieldOffset(48)]
        public int Flags;

        [FieldOffset(56)]
        public uint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct IoVector
    {
        public byte* Data;
        public nuint Length;
    }

    /// <summary>struct cmsghdr with the one value of UDP_SEGMENT (udp(7)), padded as CMSG_SPACE asks.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 24)]
    public struct SegmentControl
    {
        /// <summary>CMSG_LEN of a 16-bit value.</summary>
        public const int Length = 18;

        [FieldOffset(0)]
        public nuint ControlLength;

        [FieldOffset(8)]
        public int Level;

        [FieldOffset(12)]
        public int Type;

        [FieldOffset(16)]
        public ushort SegmentSize;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    /// <summary>struct sockaddr_in6, or sockaddr_in in its first 16 octets; port and addresses in network order.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 32)]
    public struct SocketName
    {
        [FieldOffset(0)]
        public ushort Family;

        [FieldOffset(2)]
        public ushort Port;

        [FieldOffset(4)]
        public uint IPv4;

        [FieldOffset(8)]
        public ulong IPv6High;

        [FieldOffset(16)]
        public ulong IPv6Low;

        [FieldOffset(24)]
        public uint Scope;
    }
}
