using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using RtcPlatform.Net.Clocks;
using RtcPlatform.Wire.Numbers;
using static RtcPlatform.Net.Pools.LinuxPoll;
using static RtcPlatform.Net.Udp.LinuxNative;

namespace RtcPlatform.Net.Pools;

/// <summary>
/// Thousands of connected UDP sockets, read by one thread: for those who play many clients, since servers tell clients
/// apart by address. Linux only. Rule of use: <see cref="Open"/>, <see cref="Connect"/> and <see cref="Send"/> by any
/// thread; <see cref="Poll"/>, <see cref="Sweep"/> and <see cref="Close"/> by the reader alone; nobody sends on a slot that
/// is being closed.
/// </summary>
public sealed unsafe class UdpPool : IDisposable
{
    private const int EventsPerPoll = 1024;

    private readonly UdpPoolOptions _options;
    private readonly Socket?[] _sockets;
    private readonly int[] _descriptors;
    private readonly long[] _overflow;
    private readonly Stack<int> _free = new();
    private readonly Lock _lock = new();
    private readonly PoolBatch _batch;
    private readonly byte* _events;
    private readonly int _epoll;
    private int _ready;
    private long _sendErrors;
    private long _overflowOfClosed;

    /// <exception cref="PlatformNotSupportedException">Not 64-bit Linux.</exception>
    public UdpPool(UdpPoolOptions options)
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
        {
            throw new PlatformNotSupportedException("a pool of sockets needs 64-bit Linux (epoll, recvmmsg)");
        }

        _options = options;
        _sockets = new Socket?[options.Capacity];
        _descriptors = new int[options.Capacity];
        _overflow = new long[options.Capacity];
        for (int slot = options.Capacity - 1; slot >= 0; slot--)
        {
            _free.Push(slot);
        }

        _batch = new PoolBatch(options.ReceiveBatch, options.Coalesce);
        _events = (byte*)NativeMemory.AllocZeroed((nuint)(EventsPerPoll * EventSize));
        _epoll = epoll_create1(EPOLL_CLOEXEC);
        if (_epoll < 0)
        {
            throw new SocketException((int)SocketError.TooManyOpenSockets);
        }
    }

    /// <summary>Datagrams that the kernel refused to send. Any thread.</summary>
    public long SendErrors => Interlocked.Read(ref _sendErrors);

    /// <summary>Datagrams that were lost since a socket's buffer was full: the reader's fault, not the network's. Any thread.</summary>
    public long Overflow => Volatile.Read(ref _overflowOfClosed) + _overflow.Sum();

    /// <summary>The address of this machine from which packets leave towards that one; nothing is sent.</summary>
    /// <exception cref="IOException">There is no way to it.</exception>
    public static IPAddress LocalAddressTowards(IPAddress remote)
    {
        try
        {
            using var socket = new Socket(remote.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(new IPEndPoint(remote, 9));
            return ((IPEndPoint)socket.LocalEndPoint!).Address;
        }
        catch (SocketException error)
        {
            throw new IOException($"{remote} cannot be reached: {error.Message}", error);
        }
    }

    /// <summary>Opens and binds a socket. Any thread.</summary>
    /// <returns>Its slot, from 0 to the capacity.</returns>
    /// <exception cref="IOException">The pool is full, or the system has no sockets or ports left.</exception>
    public int Open(IPAddress local)
    {
        int slot;
        lock (_lock)
        {
            if (!_free.TryPop(out slot))
            {
                throw new IOException($"the pool has no more than {_options.Capacity} sockets");
            }
        }

        Socket? socket = null;
        try
        {
            socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.ReceiveBufferSize = _options.SocketBuffer;
            socket.SendBufferSize = _options.SocketBuffer;
            socket.Bind(new IPEndPoint(local, 0));
            Register(slot, socket);
            return slot;
        }
        catch (SocketException error)
        {
            socket?.Dispose();
            lock (_lock)
            {
                _free.Push(slot);
            }

            throw new IOException($"cannot open a UDP socket on {local}: {error.Message} (see ulimit -n)", error);
        }
    }

    /// <summary>The bound address. Any thread.</summary>
    public IPEndPoint LocalEndPoint(int slot) => (IPEndPoint)_sockets[slot]!.LocalEndPoint!;

    /// <summary>From now on the socket sends to and receives from this address alone. Any thread, before anything is sent.</summary>
    /// <exception cref="IOException">The address cannot be reached from the bound one.</exception>
    public void Connect(int slot, TransportAddress remote)
    {
        try
        {
            _sockets[slot]!.Connect(remote.ToIPEndPoint());
        }
        catch (SocketException error)
        {
            throw new IOException($"{remote} cannot be reached: {error.Message}", error);
        }
    }

    /// <summary>Sends at once. Any thread.</summary>
    /// <returns>False when the kernel refused it; counted in <see cref="SendErrors"/>.</returns>
    public bool Send(int slot, ReadOnlySpan<byte> datagram)
    {
        fixed (byte* data = datagram)
        {
            nint sent;
            do
            {
                sent = send(_descriptors[slot], data, (nuint)datagram.Length, MSG_DONTWAIT);
            }
            while (sent < 0 && Marshal.GetLastPInvokeError() == EINTR);
            if (sent == datagram.Length)
            {
                return true;
            }
        }

        Interlocked.Increment(ref _sendErrors);
        return false;
    }

    /// <summary>Waits until a socket is readable, at most this long. The reader alone.</summary>
    /// <returns>How many are.</returns>
    public int Poll(TimeSpan timeout)
    {
        int count = epoll_wait(_epoll, _events, EventsPerPoll, (int)Math.Ceiling(timeout.TotalMilliseconds));
        _ready = Math.Max(0, count);
        return _ready;
    }

    /// <summary>Reads what the last <see cref="Poll"/> found, one batch from each socket. The reader alone.</summary>
    /// <returns>How many datagrams there were.</returns>
    public int Sweep<TTaker>(ref TTaker taker)
        where TTaker : IDatagramTaker, allows ref struct
    {
        int datagrams = 0;
        for (int i = 0; i < _ready; i++)
        {
            var slot = (int)*(long*)(_events + (i * EventSize) + EventData);
            int messages = _batch.Read(_descriptors[slot]);
            for (int m = 0; m < messages; m++)
            {
                datagrams += Hand(slot, m, ref taker);
            }
        }

        _ready = 0;
        return datagrams;
    }

    /// <summary>Closes a socket; its slot may be opened anew. The reader alone, and not between Poll and Sweep.</summary>
    public void Close(int slot)
    {
        Volatile.Write(ref _overflowOfClosed, _overflowOfClosed + _overflow[slot]);
        _overflow[slot] = 0;
        _sockets[slot]!.Dispose();
        _sockets[slot] = null;
        _descriptors[slot] = -1;
        lock (_lock)
        {
            _free.Push(slot);
        }
    }

    public void Dispose()
    {
        foreach (Socket? socket in _sockets)
        {
            socket?.Dispose();
        }

        _ = close(_epoll);
        _batch.Dispose();
        NativeMemory.Free(_events);
    }

    private void Register(int slot, Socket socket)
    {
        var descriptor = (int)socket.Handle;
        int on = 1;
        if (setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(int)) != 0)
        {
            throw new SocketException(Marshal.GetLastPInvokeError());
        }

        // Both are conveniences: without them an overflow shows as loss, and runs arrive one by one.
        _ = setsockopt(descriptor, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof(int));
        if (_options.Coalesce)
        {
            _ = setsockopt(descriptor, SOL_UDP, UDP_GRO, &on, sizeof(int));
        }

        _sockets[slot] = socket;
        _descriptors[slot] = descriptor;
        byte* wanted = stackalloc byte[16];
        *(uint*)wanted = EPOLLIN;
        *(long*)(wanted + EventData) = slot;
        if (epoll_ctl(_epoll, EPOLL_CTL_ADD, descriptor, wanted) != 0)
        {
            throw new SocketException(Marshal.GetLastPInvokeError());
        }
    }

    private int Hand<TTaker>(int slot, int message, ref TTaker taker)
        where TTaker : IDatagramTaker, allows ref struct
    {
        Span<byte> octets = _batch.Message(message, out long arrival, out int segment, out long overflow);
        if (overflow >= 0)
        {
            _overflow[slot] = overflow;
        }

        if (arrival == 0)
        {
            arrival = WallClock.NowNanoseconds;
        }

        int datagrams = 0;
        for (int start = 0; start < octets.Length; start += segment)
        {
            taker.Take(slot, octets.Slice(start, Math.Min(segment, octets.Length - start)), arrival);
            datagrams++;
        }

        return datagrams;
    }
}
