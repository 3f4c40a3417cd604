using System.Net;
using System.Net.Sockets;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.MediaNode.Tests.Loopback;

/// <summary>Sends each datagram at once.</summary>
internal readonly struct SocketSink(Socket socket) : IDatagramSink
{
    private readonly byte[] _slot = new byte[2048];

    public Span<byte> Rent() => _slot;

    public void Commit(in TransportAddress to, int length)
    {
        IPEndPoint target = to.ToIPEndPoint();
        socket.SendTo(_slot.AsSpan(0, length), target);
    }
}
