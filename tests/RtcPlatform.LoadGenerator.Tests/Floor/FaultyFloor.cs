using System.Net;
using System.Net.Sockets;
using RtcPlatform.Crypto.Kernels;
using RtcPlatform.Crypto.Srtp;
using RtcPlatform.LoadGenerator.Sessions;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.LoadGenerator.Tests.Floor;

/// <summary>
/// A forwarder that speaks the protocol of tests/benchmarks/floor, on a thread of its own, and does to each packet what the test
/// wants done. What it did may be looked at after <see cref="DisposeAsync"/>.
/// </summary>
internal sealed class FaultyFloor : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Dictionary<(EndPoint Address, uint Ssrc), Publisher> _publishers = [];
    private readonly List<FloorSubscriber> _subscribers = [];
    private readonly Task _running;
    private volatile bool _stop;

    public FaultyFloor()
    {
        _socket.ReceiveBufferSize = 4 * 1024 * 1024;
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _running = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public IPEndPoint Address => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>Called for each packet and each subscriber of its stream; sends it, or does something else to it.</summary>
    public Action<FloorSubscriber, FloorPacket> Deliver { get; init; } = static (subscriber, packet) => subscriber.Send(packet);

    /// <summary>Does the subscriber get that stream? Default: if it is the one it registered for.</summary>
    public Func<FloorSubscriber, FloorPacket, bool> Gets { get; init; } = static (subscriber, packet) => subscriber.IsFor(packet.Room, packet.Stream);

    /// <summary>As the real floor when those who leave were killed before they could say so.</summary>
    public bool IsDeafToLeavers { get; init; }

    public IReadOnlyList<FloorSubscriber> Subscribers => _subscribers;

    /// <summary>Of all that ever registered.</summary>
    public HashSet<uint> Rooms { get; } = [];

    public async ValueTask DisposeAsync()
    {
        _stop = true;
        _socket.Dispose();
        await _running;
        _subscribers.ForEach(static s => s.Dispose());
        foreach (Publisher publisher in _publishers.Values)
        {
            publisher.Receiver.Dispose();
        }
    }

    private void Run()
    {
        byte[] buffer = new byte[4096];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        while (!_stop)
        {
            int length;
            try
            {
                length = _socket.ReceiveFrom(buffer, ref from);
            }
            catch (Exception error) when (_stop && error is SocketException or ObjectDisposedException)
            {
                return;
            }

            Span<byte> datagram = buffer.AsSpan(0, length);
            if (FloorRegistration.TryRead(datagram, out FloorRegistration registration))
            {
                Register((IPEndPoint)from, registration, datagram[FloorRegistration.AnswerLength..]);
                datagram[5] |= 0x80;
                _socket.SendTo(datagram[..FloorRegistration.AnswerLength], from);
                continue;
            }

            Assert.True(RtpHeader.TryRead(datagram, out RtpHeader header));
            Forward(_publishers[(from, header.Ssrc)], datagram, header.HeaderLength);
        }
    }

    private void Register(IPEndPoint address, FloorRegistration registration, ReadOnlySpan<byte> keys)
    {
        Rooms.Add(registration.Room);
        var session = FloorTransport.Keys(keys[..FloorRegistration.KeyLength], keys[FloorRegistration.KeyLength..]);
        if (registration.Role == FloorRole.Publisher)
        {
            var receiver = new SrtpReceiver(SrtpProfile.AeadAes128Gcm, session, CipherKernels.Best);
            _publishers[(address, registration.Ssrc)] = new Publisher(registration.Room, registration.Stream, receiver);
            return;
        }

        if (registration.Role == FloorRole.Leaver && IsDeafToLeavers)
        {
            return;
        }

        FloorSubscriber? known = _subscribers.Find(s => s.Address.Equals(address) && s.IsFor(registration.Room, registration.Stream));
        if (registration.Role == FloorRole.Leaver)
        {
            Assert.NotNull(known);
            _subscribers.Remove(known);
            known.Dispose();
        }
        else if (known is null)
        {
            _subscribers.Add(new FloorSubscriber(
                _socket, address, registration, new SrtpSender(SrtpProfile.AeadAes128Gcm, session, CipherKernels.Best)));
        }
    }

    private void Forward(Publisher publisher, Span<byte> datagram, int headerLength)
    {
        Assert.Equal(SrtpResult.Ok, publisher.Receiver.TryUnprotectRtp(datagram, headerLength, out int length, out _));
        var packet = new FloorPacket(publisher.Room, publisher.Stream, datagram[..length].ToArray(), headerLength);
        foreach (FloorSubscriber subscriber in _subscribers)
        {
            if (Gets(subscriber, packet))
            {
                Deliver(subscriber, packet);
            }
        }
    }

    private sealed record Publisher(uint Room, uint Stream, SrtpReceiver Receiver);
}
