using System.Net;
using System.Net.Sockets;
using RtcPlatform.Net.Clocks;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Net.Udp;

/// <summary>
/// One unconnected UDP socket, read and written in batches by one thread. Only <see cref="Wake"/> and
/// <see cref="TrySendFromAnyThread"/> may be called by others. An IPv4 address gives an IPv4 socket, an IPv6 address a
/// dual-stack one, on which IPv4 peers appear as IPv4 <see cref="TransportAddress"/>es all the same.
/// </summary>
public sealed class UdpPort : IDisposable
{
    private readonly Socket _socket;
    private readonly IUdpSystem _system;
    private readonly ReceiveBatch _received;
    private long _otherThreadSendErrors;
    private int _disposed;

    private UdpPort(Socket socket, UdpPortOptions options)
    {
        _socket = socket;
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
        bool linux = options.Backend == UdpBackend.LinuxBatches
            || (options.Backend == UdpBackend.BestAvailable && OperatingSystem.IsLinux() && Environment.Is64BitProcess);
        _system = linux ? new LinuxUdp(socket, options) : new PortableUdp(socket);
        _received = new ReceiveBatch(options.ReceiveBatch);
        Send = new SendBatch(_system, Drops, options.SendBatch);
        Arrival = MonoClock.Now;
    }

    /// <summary>The bound address, with the port that the system chose when 0 was asked for.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>Where this port's thread writes outgoing datagrams.</summary>
    public SendBatch Send { get; }

    /// <summary>Too long datagrams and refused sends; this port's thread only.</summary>
    public DropCounters Drops { get; } = new();

    /// <summary>The most that one <see cref="Receive"/> reads; when it read fewer, no more were there.</summary>
    public int ReceiveCapacity => _received.Capacity;

    /// <summary>When the last <see cref="Receive"/> returned: the arrival time of its datagrams.</summary>
    public MonoTime Arrival { get; private set; }

    /// <summary>Octets that the kernel granted for received datagrams; less than asked for when net.core.rmem_max is low.</summary>
    public int ReceiveBufferSize => _socket.ReceiveBufferSize;

    /// <summary>Refused sends of <see cref="TrySendFromAnyThread"/>; any thread.</summary>
    public long OtherThreadSendErrors => Interlocked.Read(ref _otherThreadSendErrors);

    /// <summary>Binds a port; port 0 lets the system choose.</summary>
    /// <exception cref="PortInUseException">Another program holds the port.</exception>
    /// <exception cref="IOException">The address is not of this machine, or binding is not allowed; the message says which.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A batch size outside 1 to 1024.</exception>
    public static UdpPort Bind(IPEndPoint endPoint, UdpPortOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ReceiveBatch, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.ReceiveBatch, 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.SendBatch, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.SendBatch, 1024);
        var socket = new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = true;
            }

            socket.ReceiveBufferSize = options.SocketBuffer;
            socket.SendBufferSize = options.SocketBuffer;
            socket.Bind(endPoint);
            return new UdpPort(socket, options);
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw error.SocketErrorCode == SocketError.AddressAlreadyInUse
                ? new PortInUseException(endPoint, error)
                : new IOException($"cannot bind UDP {endPoint}: {error.Message}", error);
        }
    }

    /// <summary>
    /// Waits for datagrams, at most <paramref name="timeout"/>, and reads as many as there are, up to a batch.
    /// </summary>
    /// <returns>How many; 0 = the time is over, or <see cref="Wake"/> was called, or all were too long (counted).</returns>
    public int Receive(TimeSpan timeout)
    {
        _received.Clear();
        _system.Receive(_received, timeout < TimeSpan.Zero ? TimeSpan.Zero : timeout, Drops);
        Arrival = MonoClock.Now;
        return _received.Count;
    }

    /// <summary>A datagram of the last <see cref="Receive"/>, writable, valid until the next.</summary>
    public Span<byte> Packet(int index) => _received.Packet(index);

    /// <summary>Where it came from.</summary>
    public TransportAddress Source(int index) => _received.Source(index);

    /// <summary>Makes a waiting or the next <see cref="Receive"/> return at once. Any thread; many calls may count as one.</summary>
    public void Wake() => _system.Wake();

    /// <summary>Lets so much time pass, whatever arrives meanwhile: it is read together afterwards. This port's thread.</summary>
    public void Gather(TimeSpan time) => PreciseWait.Until(MonoClock.Now + time);

    /// <summary>Sends one datagram at once, past the batch. Any thread.</summary>
    /// <returns>False when the kernel refused it; that is counted in <see cref="OtherThreadSendErrors"/>.</returns>
    public bool TrySendFromAnyThread(in TransportAddress to, ReadOnlySpan<byte> datagram)
    {
        if (_system.TrySend(to, datagram))
        {
            return true;
        }

        Interlocked.Increment(ref _otherThreadSendErrors);
        return false;
    }

    /// <summary>Closes the socket. No thread may be inside another member, nor enter one afterwards.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        Send.Dispose();
        _system.Dispose();
        _received.Dispose();
        _socket.Dispose();
    }
}
