using System.Diagnostics;
using Google.Protobuf;
using RtcPlatform.Media.Contracts;
using RtcPlatform.MediaNode.Tests.Control;

namespace RtcPlatform.MediaNode.Tests.Loopback;

/// <summary>A node, in this process or another, seen from its control plane: opens transports and connects clients to them.</summary>
internal class ControlledNode(ControlServer server)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private ulong _offers;

    public ControlServer Server { get; } = server;

    public async Task<NodeHello> HelloAsync() => await Server.Hellos.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public async Task<Notification> NotifiedAsync() => await Server.Notifications.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>The next report of load that fits.</summary>
    public async Task<NodeLoad> LoadAsync(Func<NodeLoad, bool> fits)
    {
        NodeLoad load;
        do
        {
            load = await Server.Loads.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        }
        while (!fits(load));

        return load;
    }

    public async Task OpenAsync(string id, string room = "project/room")
    {
        Response response = await Server.SendAsync(new Request
        {
            OpenTransport = new OpenTransport { TransportId = id, Room = room, Context = ByteString.CopyFromUtf8($"context of {id}") },
        });
        Assert.Null(response.Error);
    }

    /// <summary>Has an offer answered and gives the client the answer.</summary>
    public async Task<NegotiateResult> NegotiateAsync(
        string id, LoopbackClient client, string offer, Dictionary<string, string> publish, params WantedTrack[] receive)
    {
        Response response = await Server.SendAsync(new Request
        {
            Negotiate = new Negotiate
            {
                TransportId = id, OfferId = ++_offers, OfferSdp = offer, Publish = { publish }, Receive = { receive },
            },
        });
        Assert.Null(response.Error);
        client.TakeAnswer(response.Negotiate.AnswerSdp);
        return response.Negotiate;
    }

    /// <summary>Opens a transport for a client that publishes TR_a and TR_v, and connects it.</summary>
    public async Task<LoopbackClient> PublisherAsync(
        string id = "T_pub", string room = "project/room", Func<OfferText, string>? offer = null)
    {
        await OpenAsync(id, room);
        var client = new LoopbackClient();
        string sdp = offer is null ? client.Offers.Publish() : offer(client.Offers);
        NegotiateResult result = await NegotiateAsync(
            id, client, sdp, new Dictionary<string, string> { ["0"] = "TR_a", ["1"] = "TR_v" });
        Assert.Equal(["audio/opus", "video/VP8"], result.Codecs.Select(codec => codec.MimeType));
        PumpUntilConnected(id, client);
        return client;
    }

    /// <summary>The same for one that receives both; gives the sources of audio, video and the video's retransmissions.</summary>
    public async Task<(LoopbackClient Client, uint Audio, uint Video, uint Rtx)> SubscriberAsync(
        string id = "T_sub", string room = "project/room")
    {
        await OpenAsync(id, room);
        var client = new LoopbackClient();
        NegotiateResult result = await NegotiateAsync(
            id, client, client.Offers.Receive(), [], Wanted("TR_a", TrackKind.Audio), Wanted("TR_v", TrackKind.Video));
        Assert.Equal(2, result.MidToTrack.Count);
        var answer = new AnswerText(result.AnswerSdp);
        PumpUntilConnected(id, client);
        uint[] video = answer.Ssrcs("1");
        return (client, answer.Ssrcs("0")[0], video[0], video[1]);
    }

    public static WantedTrack Wanted(string sid, TrackKind kind) => new() { TrackSid = sid, Kind = kind, ParticipantSid = "PA_1" };

    // The client has its keys a moment before the shard has them.
    private void PumpUntilConnected(string id, LoopbackClient client) => Pump(
        () => client.IsConnected && Server.States.GetValueOrDefault(id) == TransportState.Connected, client);

    /// <summary>Lets clients work until something holds.</summary>
    public void Pump(Func<bool> until, params LoopbackClient[] clients)
    {
        long start = Stopwatch.GetTimestamp();
        while (!until())
        {
            Assert.True(
                Stopwatch.GetElapsedTime(start) < Patience,
                $"what was waited for did not happen in 20 s: {string.Join("; ", clients.Select(client => client.ToString()))}; {Describe()}");
            foreach (LoopbackClient client in clients)
            {
                client.Pump();
            }
        }
    }

    /// <summary>What is known of the node, for the message of a test that waits in vain.</summary>
    protected virtual string Describe() => "a node in another process";
}
