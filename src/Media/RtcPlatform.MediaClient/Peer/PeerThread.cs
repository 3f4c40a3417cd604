using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using RtcPlatform.MediaClient.Streams;
using RtcPlatform.Net.Clocks;
using RtcPlatform.Net.Udp;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.MediaClient.Peer;

/// <summary>One socket and the thread that runs a <see cref="ClientPeer"/> and its streams on it.</summary>
internal sealed class PeerThread : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    private readonly ClientPeer _peer;
    private readonly StreamSet _streams;
    private readonly UdpPort _port;
    private readonly Thread _thread;
    private readonly ConcurrentQueue<Action<MonoTime>> _work = new();
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _wallClockOffset;
    private volatile bool _stop;

    /// <exception cref="IOException">No socket can be bound.</exception>
    public PeerThread(ClientPeer peer, StreamSet streams, IPAddress remote)
    {
        _peer = peer;
        _streams = streams;
        IPAddress any = remote.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;
        _port = UdpPort.Bind(
            new IPEndPoint(remote.Equals(IPAddress.Loopback) ? IPAddress.Loopback : any, 0),
            new UdpPortOptions { ReceiveBatch = 16, SendBatch = 32, SocketBuffer = 1024 * 1024 });
        _wallClockOffset = (TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000) - MonoClock.Now.Nanoseconds;
        _thread = new Thread(Run) { IsBackground = true, Name = "media-client" };
        _thread.Start();
    }

    /// <summary>Completes when media can flow; faults when the peer failed first.</summary>
    public Task Connected => _connected.Task;

    /// <summary>Completes with the reason when the peer failed, be it before or after it was connected.</summary>
    public Task<string> Failed => _failed.Task;

    /// <summary>Runs something on the peer's thread, in order. Any thread.</summary>
    public void Post(Action<MonoTime> work)
    {
        _work.Enqueue(work);
        _port.Wake();
    }

    /// <summary>Says goodbye and waits for the thread.</summary>
    public void Dispose()
    {
        if (_stop)
        {
            return;
        }

        _stop = true;
        _port.Wake();
        _thread.Join();
        _peer.Dispose();
        _port.Dispose();
    }

    private void Run()
    {
        SendBatch sink = _port.Send;
        while (!_stop)
        {
            MonoTime now = MonoClock.Now;
            while (_work.TryDequeue(out Action<MonoTime>? work))
            {
                work(now);
            }

            _peer.HandleTimeout(now, ref sink);
            MonoTime next = _peer.NextDeadline;
            if (_peer.Phase == PeerPhase.Connected)
            {
                var wallClock = NtpTime.FromUnixNanoseconds(now.Nanoseconds + _wallClockOffset);
                _streams.SendDue(now, wallClock, _peer, ref sink);
                next = MonoTime.Min(next, _streams.NextDeadline);
            }

            _port.Send.Flush();
            Receive(next == MonoTime.Never ? LongestWait : next - MonoClock.Now, ref sink);
            Announce();
        }

        _peer.Close(ref sink);
        _port.Send.Flush();
        _connected.TrySetCanceled();
    }

    private void Receive(TimeSpan wait, ref SendBatch sink)
    {
        int count = _port.Receive(wait < LongestWait ? wait : LongestWait);
        for (int i = 0; i < count; i++)
        {
            _peer.HandleDatagram(_port.Arrival, _port.Packet(i), _streams, ref sink);
        }

        _port.Send.Flush();
    }

    private void Announce()
    {
        if (_peer.Phase == PeerPhase.Connected)
        {
            _connected.TrySetResult();
        }
        else if (_peer.Phase == PeerPhase.Failed)
        {
            _connected.TrySetException(new MediaException(_peer.FailureReason));
            _failed.TrySetResult(_peer.FailureReason);
        }
    }
}
