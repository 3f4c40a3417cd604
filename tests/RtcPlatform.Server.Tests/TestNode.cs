using System.Net.WebSockets;
using Google.Protobuf;
using RtcPlatform.Media.Contracts;

namespace RtcPlatform.Server.Tests;

/// <summary>The control stream of a media node that agrees to everything and forwards nothing: over the real <c>/node</c>
/// socket.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly ReliableLink _link = new();
    private readonly TaskCompletionSource _welcomed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ended = new();
    private readonly SemaphoreSlim _sending = new(1);
    private Task _reading = Task.CompletedTask;

    private double _busyCores;

    /// <summary>Returns once the server has welcomed the node.</summary>
    /// <param name="busyCores">What it reports as its load.</param>
    public static async Task<TestNode> Connect(Uri server, string secret, double busyCores = 0)
    {
        TestNode node = new() { _busyCores = busyCores };
        node._socket.Options.SetRequestHeader("Authorization", $"Bearer {secret}");
        await node._socket.ConnectAsync(new UriBuilder(server) { Scheme = "ws", Path = "/node" }.Uri, default);
        await node.Send(new ControlFrame
        {
            Hello = new NodeHello { NodeId = "test-node", InstanceId = "1", Region = "local", Version = "1", CapacityPackets = 1000 },
        });
        node._reading = node.Read();
        await node._welcomed.Task.WaitAsync(TimeSpan.FromSeconds(20));
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _reading;
        _socket.Dispose();
        _ended.Dispose();
    }

    private async Task Read()
    {
        byte[] buffer = new byte[256 * 1024];
        using PeriodicTimer second = new(TimeSpan.FromSeconds(1));
        Task reporting = Report(second);
        try
        {
            while (true)
            {
                int length = 0;
                ValueWebSocketReceiveResult received;
                do
                {
                    received = await _socket.ReceiveAsync(buffer.AsMemory(length), _ended.Token);
                    length += received.Count;
                }
                while (!received.EndOfMessage);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                await Take(ControlFrame.Parser.ParseFrom(buffer, 0, length));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or WebSocketException)
        {
            _welcomed.TrySetException(ended);
        }

        second.Dispose();
        await reporting;
    }

    private async Task Report(PeriodicTimer second)
    {
        while (await second.WaitForNextTickAsync() && _socket.State == WebSocketState.Open)
        {
            await Send(new ControlFrame { Load = new NodeLoad { Cpu = _busyCores } });
        }
    }

    private async Task Take(ControlFrame frame)
    {
        if (frame.Welcome is { } welcome)
        {
            Assert.Equal("", welcome.Refused);
            _welcomed.TrySetResult();
        }
        else if (_link.Accept(frame) && frame.Request is { } request)
        {
            await Send(_link.Stamp(new ControlFrame { Response = new Response { Id = request.Id } }));
        }
    }

    private async Task Send(ControlFrame frame)
    {
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(frame.ToByteArray(), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        }
        catch (WebSocketException)
        {
            // The server went first; the reader ends by that.
        }
        finally
        {
            _sending.Release();
        }
    }
}
