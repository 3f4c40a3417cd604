using System.Diagnostics;
using System.Net;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using RtcPlatform.Media.Contracts;
using RtcPlatform.MediaNode.Options;
using RtcPlatform.MediaNode.Telemetry;
using RtcPlatform.MediaNode.Tests.Control;

namespace RtcPlatform.MediaNode.Tests.Loopback;

/// <summary>A node on loopback with its control plane.</summary>
internal sealed class NodeUnderTest : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // For the message of a test that waits in vain.
    private static NodeUnderTest? s_latest;

    private NodeUnderTest(MediaNode node, ControlServer server)
    {
        Node = node;
        Server = server;
        s_latest = this;
    }

    /// <summary>Of all nodes of this process; a test that fails shows them.</summary>
    public static RecordedErrors Errors { get; } = new();

    public MediaNode Node { get; }

    public ControlServer Server { get; }

    public ShardCounters Counters => Node.Counters[0];

    public static async Task<NodeUnderTest> StartAsync(int shards = 1)
    {
        var server = new ControlServer();
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddProvider(Errors));
        MediaNode node = MediaNode.Start(
            new NodeOptions
            {
                Server = server.Address, Secret = ControlServer.Secret, Host = IPAddress.Loopback, MediaPort = 0, NodeId = "node-1",
                Shards = shards,
            },
            loggers);
        var started = new NodeUnderTest(node, server);
        await started.HelloAsync();
        return started;
    }

    public async Task<NodeHello> HelloAsync() => await Server.Hellos.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public async Task<Notification> NotifiedAsync() => await Server.Notifications.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public async Task OpenAsync(string id, string room = "project/room")
    {
        Response response = await Server.SendAsync(new Request
        {
            OpenTransport = new OpenTransport { TransportId = id, Room = room, Context = ByteString.CopyFromUtf8($"context of {id}") },
        });
        Assert.Null(response.Error);
    }

    /// <summary>Opens a transport for a client that publishes TR_a and TR_v, and connects it.</summary>
    public async Task<LoopbackClient> PublisherAsync(string id = "T_pub", string room = "project/room")
    {
        await OpenAsync(id, room);
        var client = new LoopbackClient();
        Response response = await Server.SendAsync(new Request
        {
            Negotiate = new Negotiate
            {
                TransportId = id, OfferId = 1, OfferSdp = client.Offers.Publish(), Publish = { ["0"] = "TR_a", ["1"] = "TR_v" },
            },
        });
        Assert.Null(response.Error);
        Assert.Equal(["audio/opus", "video/VP8"], response.Negotiate.Codecs.Select(codec => codec.MimeType));
        client.TakeAnswer(response.Negotiate.AnswerSdp);
        PumpUntilConnected(id, client);
        return client;
    }

    /// <summary>The same for one that receives both; gives the sources of audio, video and the video's retransmissions.</summary>
    public async Task<(LoopbackClient Client, uint Audio, uint Video, uint Rtx)> SubscriberAsync(
        string id = "T_sub", string room = "project/room")
    {
        await OpenAsync(id, room);
        var client = new LoopbackClient();
        Response response = await Server.SendAsync(new Request
        {
            Negotiate = new Negotiate
            {
                TransportId = id,
                OfferId = 1,
                OfferSdp = client.Offers.Receive(),
                Receive =
                {
                    new WantedTrack { TrackSid = "TR_a", Kind = TrackKind.Audio, ParticipantSid = "PA_1" },
                    new WantedTrack { TrackSid = "TR_v", Kind = TrackKind.Video, ParticipantSid = "PA_1" },
                },
            },
        });
        Assert.Null(response.Error);
        Assert.Equal(2, response.Negotiate.MidToTrack.Count);
        var answer = new AnswerText(response.Negotiate.AnswerSdp);
        client.TakeAnswer(response.Negotiate.AnswerSdp);
        PumpUntilConnected(id, client);
        uint[] video = answer.Ssrcs("1");
        return (client, answer.Ssrcs("0")[0], video[0], video[1]);
    }

    // The client has its keys a moment before the shard has them.
    private void PumpUntilConnected(string id, LoopbackClient client) => Pump(
        () => client.IsConnected && Server.States.GetValueOrDefault(id) == TransportState.Connected, client);

    /// <summary>Lets clients work until something holds.</summary>
    public static void Pump(Func<bool> until, params LoopbackClient[] clients)
    {
        long start = Stopwatch.GetTimestamp();
        while (!until())
        {
            Assert.True(
                Stopwatch.GetElapsedTime(start) < Patience,
                $"what was waited for did not happen in 20 s: {string.Join("; ", clients.Select(client => client.ToString()))}; {Shards()} {string.Join("; ", Errors.Lines)}");
            foreach (LoopbackClient client in clients)
            {
                client.Pump();
            }
        }
    }

    private static string Shards() => string.Join("; ", s_latest?.Node.Counters.Select(static counters =>
        $"shard: {counters.DatagramsReceived} received, {counters.DatagramsHandled} handled, {counters.PacketsForwarded} forwarded, "
        + string.Join(", ", Enum.GetValues<Wire.Muxing.DropReason>().Where(reason => counters.Dropped(reason) > 0)
            .Select(reason => $"{reason} {counters.Dropped(reason)}"))) ?? []);

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
}
