using System.Net;
using Microsoft.Extensions.Logging;
using RtcPlatform.Media.Contracts;
using RtcPlatform.MediaNode.Options;
using RtcPlatform.MediaNode.Telemetry;
using RtcPlatform.MediaNode.Tests.Control;

namespace RtcPlatform.MediaNode.Tests.Loopback;

/// <summary>A node on loopback with its control plane.</summary>
internal sealed class NodeUnderTest : ControlledNode, IAsyncDisposable
{
    private readonly RecordedErrors _errors;

    private NodeUnderTest(MediaNode node, ControlServer server, RecordedErrors errors)
        : base(server)
    {
        Node = node;
        _errors = errors;
    }

    public MediaNode Node { get; }

    /// <summary>Its first hello.</summary>
    public NodeHello Greeting { get; private set; } = new();

    public ShardCounters Counters => Node.Counters[0];

    /// <param name="shards">Threads and ports.</param>
    /// <param name="change">Changes the options that tests start from.</param>
    public static async Task<NodeUnderTest> StartAsync(int shards = 1, Func<NodeOptions, NodeOptions>? change = null)
    {
        var server = new ControlServer();
        var errors = new RecordedErrors();
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddProvider(errors));
        var options = new NodeOptions
        {
            Server = server.Address, Secret = ControlServer.Secret, Host = IPAddress.Loopback, MediaPort = 0, NodeId = "node-1",
            Shards = shards,
        };
        MediaNode node = MediaNode.Start(change is null ? options : change(options), loggers);
        var started = new NodeUnderTest(node, server, errors);
        started.Greeting = await started.HelloAsync();
        return started;
    }

    /// <summary>Waits until the shard has published its counters twice, so that they tell of everything before this call.</summary>
    public void AwaitCounters(params LoopbackClient[] clients)
    {
        ulong target = Counters.Generation + 2;
        Pump(() => { Thread.Yield(); return Counters.Generation >= target; }, clients);
    }

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        await Server.DisposeAsync();
    }

    /// <summary>What this node has counted and logged, for the message of a test that waits in vain.</summary>
    protected override string Describe() => string.Join("; ", Node.Counters.Select(static counters =>
        $"shard: {counters.DatagramsReceived} received, {counters.DatagramsHandled} handled, {counters.PacketsForwarded} forwarded, "
        + string.Join(", ", Enum.GetValues<Wire.Muxing.DropReason>().Where(reason => counters.Dropped(reason) > 0)
            .Select(reason => $"{reason} {counters.Dropped(reason)}")))) + $"; {string.Join("; ", _errors.Lines)}";
}
