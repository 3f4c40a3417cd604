using System.Net;
using System.Net.WebSockets;
using System.Text;
using Google.Protobuf;
using RtcPlatform.Media.Contracts;

namespace RtcPlatform.Server.Tests.ControlStream;

/// <summary>What may not come in at <c>/node</c>, over the real socket; what may is the node that all other tests use.</summary>
public sealed class NodeStreamTests(RunningServer server)
{
    private const int LongestFrame = 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private Uri Endpoint => new UriBuilder(server.Address) { Scheme = "ws", Path = "/node" }.Uri;

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer another-secret-of-some-length")]
    [InlineData("Bearer node-secret-of-the-test")]
    [InlineData("Basic node-secret-of-the-tests")]
    public async Task A_wrong_secret_is_401(string? authorization)
    {
        using ClientWebSocket socket = new();
        socket.Options.CollectHttpResponseDetails = true;
        if (authorization is not null)
        {
            socket.Options.SetRequestHeader("Authorization", authorization);
        }

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(Endpoint, default));
        Assert.Equal(HttpStatusCode.Unauthorized, socket.HttpStatusCode);
    }

    [Fact]
    public async Task The_right_secret_without_a_WebSocket_is_426()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/node");
        request.Headers.Authorization = new("Bearer", RunningServer.NodeSecret);
        using HttpResponseMessage response = await server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.UpgradeRequired, response.StatusCode);
    }

    [Fact]
    public async Task A_stream_without_a_hello_is_closed()
    {
        using ClientWebSocket socket = await Connect();

        Assert.Equal((WebSocketCloseStatus.PolicyViolation, "no hello came in time"), await Closed(socket));
    }

    [Fact]
    public async Task A_stream_that_begins_with_something_else_is_closed()
    {
        using ClientWebSocket load = await Connect();
        await Send(load, new ControlFrame { Load = new NodeLoad() }.ToByteArray());
        using ClientWebSocket garbage = await Connect();
        await Send(garbage, [0xff, 0xff, 0xff]);

        Assert.Equal((WebSocketCloseStatus.PolicyViolation, "the first frame must be a hello"), await Closed(load));
        Assert.Equal((WebSocketCloseStatus.PolicyViolation, "the first frame must be a hello"), await Closed(garbage));
    }

    [Fact]
    public async Task A_text_message_closes_the_stream()
    {
        using ClientWebSocket socket = await Connect();
        await socket.SendAsync(Encoding.UTF8.GetBytes("hello"), WebSocketMessageType.Text, endOfMessage: true, default);

        Assert.Equal((WebSocketCloseStatus.PolicyViolation, "frames are binary messages"), await Closed(socket));
    }

    [Fact]
    public async Task A_frame_over_the_limit_closes_the_stream_with_the_reason()
    {
        using ClientWebSocket socket = await Connect();
        await Send(socket, Hello("oversize"));
        await Send(socket, new byte[LongestFrame + 1]);

        Assert.Equal((WebSocketCloseStatus.MessageTooBig, "a frame is longer than 1048576 bytes"), await Closed(socket));
        await UntilNodesAre(1);
    }

    [Fact]
    public async Task A_hello_that_the_grain_refuses_says_why_in_the_welcome()
    {
        using ClientWebSocket socket = await Connect();
        await Send(socket, new ControlFrame { Hello = new NodeHello { NodeId = "no-instance" } }.ToByteArray());
        byte[] buffer = new byte[4_096];
        WebSocketReceiveResult received = await socket.ReceiveAsync(buffer, default).WaitAsync(Patience);

        NodeWelcome welcome = ControlFrame.Parser.ParseFrom(buffer, 0, received.Count).Welcome;
        Assert.Equal("the instance id has 1 to 128 characters", welcome.Refused);
        Assert.Equal((WebSocketCloseStatus.PolicyViolation, welcome.Refused), await Closed(socket));
    }

    /// <summary>A node keeps its place for a grace period: the rooms of the tests that follow must not be put on it.</summary>
    private async Task UntilNodesAre(int count)
    {
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(50));
        using CancellationTokenSource patience = new(Patience);
        while (!(await server.Http.GetStringAsync("/readyz", patience.Token)).Contains($"\"{count} media nodes\"", StringComparison.Ordinal))
        {
            await pause.WaitForNextTickAsync(patience.Token);
        }
    }

    private static byte[] Hello(string nodeId) =>
        new ControlFrame { Hello = new NodeHello { NodeId = nodeId, InstanceId = "1", Region = "local" } }.ToByteArray();

    private static Task Send(ClientWebSocket socket, byte[] message) =>
        socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, default);

    private async Task<ClientWebSocket> Connect()
    {
        ClientWebSocket socket = new();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {RunningServer.NodeSecret}");
        await socket.ConnectAsync(Endpoint, default);
        return socket;
    }

    /// <summary>Reads until the server closes, and how it did.</summary>
    private static async Task<(WebSocketCloseStatus? Status, string? Reason)> Closed(ClientWebSocket socket)
    {
        byte[] buffer = new byte[64 * 1024];
        while ((await socket.ReceiveAsync(buffer, default).WaitAsync(Patience)).MessageType != WebSocketMessageType.Close)
        {
        }

        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
        return (socket.CloseStatus, socket.CloseStatusDescription);
    }
}
