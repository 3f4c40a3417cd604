using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Net.Udp;

/// <summary>
/// System.Net.Sockets for systems without recvmmsg: one system call per datagram, woken through a second loopback socket.
/// </summary>
internal sealed class PortableUdp : IUdpSystem
{
    // SIO_UDP_CONNRESET: without it an ICMP port-unreachable makes the next receive fail on Windows.
    private const int ConnectionResetControl = -1744830452;

    private readonly Socket _socket;
    private readonly Socket _wake = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly SocketAddress _wakeAddress;
    private readonly SocketAddress _source;
    private readonly SocketAddress _destination;
    private readonly Socket[] _both;
    private readonly List<Socket> _readable = new(2);

    public PortableUdp(Socket socket)
    {
        _socket = socket;
        _socket.Blocking = false;
        if (OperatingSystem.IsWindows())
        {
            _socket.IOControl(ConnectionResetControl, [0, 0, 0, 0], null);
        }

        _wake.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _wake.Blocking = false;
        _wakeAddress = _wake.LocalEndPoint!.Serialize();
        _source = new SocketAddress(socket.AddressFamily);
        _destination = new SocketAddress(socket.AddressFamily);
        _both = [socket, _wake];
    }

    public void Receive(ReceiveBatch batch, TimeSpan timeout, DropCounters drops)
    {
        _readable.Clear();
        _readable.AddRange(_both);
        Socket.Select(_readable, null, null, (int)Math.Min(int.MaxValue, timeout.Ticks / TimeSpan.TicksPerMicrosecond));
        if (_readable.Contains(_wake))
        {
            DrainWake();
        }

        for (int slot = 0; slot < batch.Capacity && _socket.Poll(0, SelectMode.SelectRead); slot++)
        {
            ReceiveOne(batch, slot, drops);
        }
    }

    public int Send(SendBatch batch, DropCounters drops)
    {
        for (int slot = 0; slot < batch.Count; slot++)
        {
            if (!TrySend(batch.Address(slot), batch.Datagram(slot), _destination))
            {
                drops.Count(DropReason.SendError);
            }
        }

        return batch.Count;
    }

    public bool TrySend(in TransportAddress to, ReadOnlySpan<byte> datagram) =>
        TrySend(to, datagram, new SocketAddress(_socket.AddressFamily));

    public void Wake()
    {
        try
        {
            _wake.SendTo([1], SocketFlags.None, _wakeAddress);
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.WouldBlock)
        {
            // Its buffer is full of earlier wake-ups, so the reader is woken anyway.
            return;
        }
    }

    public void Dispose() => _wake.Dispose();

    private void ReceiveOne(ReceiveBatch batch, int slot, DropCounters drops)
    {
        try
        {
            int length = _socket.ReceiveFrom(
                batch.Memory.Span(slot, ReceiveBatch.LongestDatagram + 1), SocketFlags.None, _source);
            if (length > ReceiveBatch.LongestDatagram)
            {
                drops.Count(DropReason.DatagramTooLarge);
                return;
            }

            batch.Add(slot, length, Read(_source));
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.MessageSize)
        {
            drops.Count(DropReason.DatagramTooLarge);
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.WouldBlock or SocketError.Interrupted)
        {
            // Another look at the socket follows: the kernel discarded a datagram with a bad checksum.
            return;
        }
    }

    private bool TrySend(in TransportAddress to, ReadOnlySpan<byte> datagram, SocketAddress destination)
    {
        if (!TryWrite(to, destination))
        {
            return false;
        }

        try
        {
            return _socket.SendTo(datagram, SocketFlags.None, destination) == datagram.Length;
        }
        catch (SocketException)
        {
            // Whatever the reason, one datagram is lost; the caller counts it.
            return false;
        }
    }

    private void DrainWake()
    {
        Span<byte> octet = stackalloc byte[1];
        while (_wake.Available > 0)
        {
            _wake.Receive(octet);
        }
    }

    // Every supported system has the port at 2, IPv4 at 4 and IPv6 at 8 (sockaddr_in, sockaddr_in6).
    private static TransportAddress Read(SocketAddress source)
    {
        ReadOnlySpan<byte> octets = source.Buffer.Span;
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(octets[2..]);
        return source.Family == AddressFamily.InterNetwork
            ? TransportAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(octets[4..]), port)
            : new TransportAddress(
                BinaryPrimitives.ReadUInt64BigEndian(octets[8..]), BinaryPrimitives.ReadUInt64BigEndian(octets[16..]), port);
    }

    private static bool TryWrite(in TransportAddress to, SocketAddress destination)
    {
        Span<byte> octets = destination.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(octets[2..], to.Port);
        if (destination.Family == AddressFamily.InterNetwork)
        {
            BinaryPrimitives.WriteUInt32BigEndian(octets[4..], to.IPv4);
            return to.IsIPv4;
        }

        BinaryPrimitives.WriteUInt64BigEndian(octets[8..], to.High);
        BinaryPrimitives.WriteUInt64BigEndian(octets[16..], to.Low);
        return true;
    }
}
