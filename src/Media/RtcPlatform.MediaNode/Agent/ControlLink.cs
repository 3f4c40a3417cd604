using System.Threading.Channels;
using RtcPlatform.Media.Contracts;

namespace RtcPlatform.MediaNode.Agent;

/// <summary>
/// The node's end of the control stream above any one connection: frames may be sent at any time and from any thread, and
/// leave in order once a connection is welcomed. Nothing is lost or doubled by a reconnect to the same server process.
/// </summary>
public sealed class ControlLink
{
    private readonly object _gate = new();
    private readonly ReliableLink _link = new();
    private readonly List<Notification> _sinceHello = [];
    private ChannelWriter<ControlFrame>? _connection;
    private bool _isGreeting;

    /// <summary>Rises when the server is a new process: what an older one asked for is of no interest any more.</summary>
    public int Epoch { get; private set; }

    /// <summary>The server process of the last welcome; empty before the first and when resuming is impossible.</summary>
    public string ServerInstanceId { get; private set; } = "";

    /// <summary>Tells the control plane something; kept until acknowledged.</summary>
    public void Notify(Notification notification)
    {
        lock (_gate)
        {
            if (_isGreeting)
            {
                _sinceHello.Add(notification);
            }

            Send(new ControlFrame { Notification = notification });
        }
    }

    /// <summary>Answers a request; dropped when the server that asked is gone.</summary>
    /// <param name="epoch">The epoch in which the request came.</param>
    public void Respond(int epoch, Response response)
    {
        lock (_gate)
        {
            if (epoch == Epoch)
            {
                Send(new ControlFrame { Response = response });
            }
        }
    }

    /// <summary>Sent only when connected; not kept.</summary>
    public void Report(NodeLoad load)
    {
        lock (_gate)
        {
            _connection?.TryWrite(_link.Stamp(new ControlFrame { Load = load }));
        }
    }

    /// <summary>
    /// A connection was dialled. Take the snapshot for the hello after this call: what is notified from now on is told to a
    /// new server, too.
    /// </summary>
    /// <returns>The server instance to name in the hello.</returns>
    public string BeginHello()
    {
        lock (_gate)
        {
            _isGreeting = true;
            _sinceHello.Clear();
            if (_link.Overflowed)
            {
                ServerInstanceId = "";
            }

            return ServerInstanceId;
        }
    }

    /// <summary>The server answered the hello: what waits goes out, and everything after it.</summary>
    public void Open(NodeWelcome welcome, ChannelWriter<ControlFrame> connection)
    {
        lock (_gate)
        {
            ServerInstanceId = welcome.ServerInstanceId;
            _connection = connection;
            if (welcome.Resumed)
            {
                foreach (ControlFrame frame in _link.Unacknowledged)
                {
                    connection.TryWrite(frame);
                }
            }
            else
            {
                Epoch++;
                _link.Reset();
                foreach (Notification notification in _sinceHello)
                {
                    Send(new ControlFrame { Notification = notification });
                }
            }

            EndGreeting();
        }
    }

    /// <summary>The connection is gone; frames wait for the next.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _connection = null;
            EndGreeting();
        }
    }

    /// <summary>Takes a frame in. False = it was received before, or belongs to no open connection.</summary>
    public bool Accept(ControlFrame frame, out int epoch)
    {
        lock (_gate)
        {
            epoch = Epoch;
            return _connection is not null && _link.Accept(frame);
        }
    }

    private void EndGreeting()
    {
        _isGreeting = false;
        _sinceHello.Clear();
    }

    private void Send(ControlFrame frame)
    {
        ControlFrame stamped = _link.Stamp(frame);
        _connection?.TryWrite(stamped);
    }
}
