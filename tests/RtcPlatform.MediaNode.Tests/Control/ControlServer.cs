using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Threading.Channels;
using Google.Protobuf;
using RtcPlatform.Media.Contracts;

namespace RtcPlatform.MediaNode.Tests.Control;

/// <summary>The control plane's end of the stream: one server process at a time, which can drop connections and be replaced.</summary>
internal sealed class ControlServer : IAsyncDisposable
{
    public const string Secret = "node-secret";

    private readonly object _gate = new();
    private readonly HttpListener _listener = new();
    private readonly Task _accepting;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Response>> _waiting = new(StringComparer.Ordinal);
    private ReliableLink _link = new();
    private WebSocket? _socket;
    private HttpListenerResponse? _response;
    private Task _lastSend = Task.CompletedTask;
    private string _knownNode = "";
    private int _requests;

    public ControlServer()
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }

        _listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    public Uri Address => new($"ws://127.0.0.1:{Port}/node");

    public string InstanceId { get; private set; } = "server-1";

    public Channel<NodeHello> Hellos { get; } = Channel.CreateUnbounded<NodeHello>();

    public Channel<Notification> Notifications { get; } = Channel.CreateUnbounded<Notification>();

    public Channel<NodeLoad> Loads { get; } = Channel.CreateUnbounded<NodeLoad>();

    /// <summary>What the node said last of each transport.</summary>
    public ConcurrentDictionary<string, TransportState> States { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<Response> Responses { get; } = new();

    /// <summary>While set, connections are cut right after the next request of ours was sent.</summary>
    public bool CutsAfterRequest { get; set; }

    /// <summary>While set, what the node sends is thrown away with the connection, as if the network had lost it.</summary>
    public bool LosesIncoming { get; set; }

    public Task<Response> SendAsync(Request request)
    {
        if (request.Id.Length == 0)
        {
            request.Id = $"{InstanceId}-{Interlocked.Increment(ref _requests)}";
        }

        var answer = new TaskCompletionSource<Response>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[request.Id] = answer;
        lock (_gate)
        {
            Send(_link.Stamp(new ControlFrame { Request = request }));
            if (CutsAfterRequest)
            {
                CutsAfterRequest = false;
                _lastSend = _lastSend.ContinueWith(_ => Cut(), TaskScheduler.Default);
            }
        }

        return answer.Task.WaitAsync(TimeSpan.FromSeconds(15));
    }

    public void Cut()
    {
        // Aborting the WebSocket leaves HttpListener's connection open.
        lock (_gate)
        {
            _socket?.Abort();
            _response?.Abort();
        }
    }

    /// <summary>A new server process: it remembers nothing.</summary>
    public void BecomeNewProcess(string instanceId)
    {
        lock (_gate)
        {
            InstanceId = instanceId;
            _link = new ReliableLink();
            _knownNode = "";
            Cut();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        Cut();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Close();
    }

    private async Task AcceptAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context = await _listener.GetContextAsync();
            if (context.Request.Headers["Authorization"] != $"Bearer {Secret}" || context.Request.Url?.AbsolutePath != "/node")
            {
                context.Response.StatusCode = 401;
                context.Response.Close();
                continue;
            }

            HttpListenerWebSocketContext accepted = await context.AcceptWebSocketAsync(null);
            _response = context.Response;
            _ = ServeAsync(accepted.WebSocket);
        }
    }

    private async Task ServeAsync(WebSocket socket)
    {
        try
        {
            while (await ReceiveAsync(socket) is { } frame)
            {
                Take(socket, frame);
            }
        }
        catch (Exception broken) when (broken is WebSocketException or ObjectDisposedException or HttpListenerException or IOException)
        {
            // Cut on purpose, or the node has gone: the test looks at what comes next.
            Assert.NotNull(broken);
        }
    }

    private void Take(WebSocket socket, ControlFrame frame)
    {
        lock (_gate)
        {
            if (frame.BodyCase == ControlFrame.BodyOneofCase.Hello)
            {
                Welcome(socket, frame.Hello);
                return;
            }

            if (LosesIncoming || !ReferenceEquals(socket, _socket) || !_link.Accept(frame))
            {
                return;
            }
        }

        switch (frame.BodyCase)
        {
            case ControlFrame.BodyOneofCase.Response:
                Responses.Enqueue(frame.Response);
                if (_waiting.TryRemove(frame.Response.Id, out TaskCompletionSource<Response>? waiting))
                {
                    waiting.SetResult(frame.Response);
                }

                break;
            case ControlFrame.BodyOneofCase.Notification:
                if (frame.Notification.TransportChanged is { } changed)
                {
                    States[changed.TransportId] = changed.State;
                }

                Notifications.Writer.TryWrite(frame.Notification);
                break;
            case ControlFrame.BodyOneofCase.Load:
                Loads.Writer.TryWrite(frame.Load);
                break;
        }
    }

    private void Welcome(WebSocket socket, NodeHello hello)
    {
        bool isResumed = hello.ServerInstanceId == InstanceId && _knownNode == hello.InstanceId;
        _knownNode = hello.InstanceId;
        _socket = socket;
        Send(new ControlFrame { Welcome = new NodeWelcome { ServerInstanceId = InstanceId, Resumed = isResumed } });
        if (!isResumed)
        {
            _link.Reset();
        }

        foreach (ControlFrame kept in _link.Unacknowledged)
        {
            Send(kept);
        }

        Hellos.Writer.TryWrite(hello);
    }

    private void Send(ControlFrame frame)
    {
        if (_socket is not { } socket)
        {
            return;
        }

        byte[] message = frame.ToByteArray();
        _lastSend = _lastSend.ContinueWith(
            async _ =>
            {
                if (socket.State == WebSocketState.Open)
                {
                    await socket.SendAsync(message, WebSocketMessageType.Binary, true, CancellationToken.None);
                }
            },
            TaskScheduler.Default).Unwrap();
    }

    private static async Task<ControlFrame?> ReceiveAsync(WebSocket socket)
    {
        using var message = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        while (true)
        {
            WebSocketReceiveResult part = await socket.ReceiveAsync(buffer, CancellationToken.None);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                return ControlFrame.Parser.ParseFrom(message.ToArray());
            }
        }
    }
}
