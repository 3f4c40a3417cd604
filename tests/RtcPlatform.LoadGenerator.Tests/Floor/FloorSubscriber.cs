using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using RtcPlatform.Crypto.Srtp;
using RtcPlatform.LoadGenerator.Sessions;

namespace RtcPlatform.LoadGenerator.Tests.Floor;

/// <summary>One subscription of a <see cref="FaultyFloor"/>, with numbers of its own. Belongs to the floor's thread.</summary>
internal sealed class FloorSubscriber(Socket socket, IPEndPoint address, FloorRegistration registration, SrtpSender sender) : IDisposable
{
    private ulong _sequence = registration.Ssrc & 0x7FFF;

    public IPEndPoint Address => address;

    /// <summary>Packets that were handed to the test, whatever became of them.</summary>
    public int Offered { get; set; }

    public bool IsFor(uint room, uint stream) => (room, stream) == (registration.Room, registration.Stream);

    /// <summary>In whatever room.</summary>
    public bool IsForStream(uint stream) => stream == registration.Stream;

    public void Send(FloorPacket packet) => SendRaw(Protect(packet));

    /// <summary>The next packet as it would leave.</summary>
    public byte[] Protect(FloorPacket packet)
    {
        byte[] octets = new byte[packet.Octets.Length + 128];
        packet.Octets.AsSpan(0, packet.HeaderLength).CopyTo(octets);
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(2), (ushort)_sequence);
        BinaryPrimitives.WriteUInt32BigEndian(octets.AsSpan(8), registration.Ssrc);
        int length = sender.ProtectRtp(octets, packet.HeaderLength, packet.Octets.AsSpan(packet.HeaderLength), _sequence++);
        return octets[..length];
    }

    public void SendRaw(byte[] datagram) => socket.SendTo(datagram, address);

    public void Dispose() => sender.Dispose();
}
