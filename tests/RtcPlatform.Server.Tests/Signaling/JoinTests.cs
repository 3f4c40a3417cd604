using System.Text.Json;
using RtcPlatform.TestKit.Signal;

namespace RtcPlatform.Server.Tests.Signaling;

/// <summary>Joins without media: what the hub itself adds to the grains.</summary>
public sealed class JoinTests(RunningServer server)
{
    private readonly string _room = $"room-{Guid.NewGuid():N}";

    [Fact]
    public async Task The_second_hears_of_the_first_and_the_first_of_the_second()
    {
        await using SignalTestClient alice = await Connect();
        await using SignalTestClient bob = await Connect();

        JsonElement first = await Join(alice, "alice");
        JsonElement second = await Join(bob, "bob");
        JsonElement change = await alice.Event("RoomChanged");

        Assert.Equal("alice", first.GetProperty("participant").GetProperty("identity").GetString());
        Assert.Equal(
            ["alice", "bob"],
            second.GetProperty("room").GetProperty("participants").EnumerateArray()
                .Select(participant => participant.GetProperty("identity").GetString()).Order());
        Assert.Equal("bob", change.GetProperty("joined")[0].GetProperty("identity").GetString());
        Assert.Equal(second.GetProperty("room").GetProperty("version").GetInt64(), change.GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task A_second_join_over_the_same_connection_is_refused()
    {
        await using SignalTestClient client = await Connect();
        await Join(client, "alice");

        (string code, string _) = await client.Refused("Join", Request("bob"));

        Assert.Equal("already_joined", code);
    }

    [Fact]
    public async Task A_refused_join_may_be_tried_again()
    {
        await using SignalTestClient client = await Connect();
        await client.Refused("Join", RunningServer.JoinRequest("no token"));

        JsonElement joined = await Join(client, "alice");

        Assert.StartsWith("PA_", joined.GetProperty("participant").GetProperty("sid").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_identity_again_ends_the_earlier_connection()
    {
        await using SignalTestClient earlier = await Connect();
        await using SignalTestClient later = await Connect();
        await Join(earlier, "alice");
        await Join(later, "alice");

        JsonElement disconnected = await earlier.Event("Disconnected");

        Assert.Equal("duplicate_identity", disconnected.GetProperty("reason").GetString());
        await earlier.Closed();
        JsonElement snapshot = await later.Invoke("GetSnapshot");
        Assert.Equal(1, snapshot.GetProperty("participants").GetArrayLength());
    }

    [Fact]
    public async Task Who_leaves_is_gone_and_who_vanishes_may_resume()
    {
        await using SignalTestClient watcher = await Connect();
        SignalTestClient lost = await Connect();
        await Join(watcher, "watcher");
        JsonElement joined = await Join(lost, "alice");
        lost.Vanish();
        await lost.DisposeAsync();

        await using SignalTestClient back = await Connect();
        JsonElement resumed = await back.Invoke("Resume", new
        {
            token = RunningServer.JoinToken(_room, "alice"),
            participantSid = joined.GetProperty("participant").GetProperty("sid").GetString(),
            resumeToken = joined.GetProperty("resumeToken").GetString(),
            version = joined.GetProperty("room").GetProperty("version").GetInt64(),
        });
        Assert.Equal(
            joined.GetProperty("participant").GetProperty("sid").GetString(),
            resumed.GetProperty("participant").GetProperty("sid").GetString());

        await back.Invoke("Leave");
        JsonElement change = await watcher.Event("RoomChanged");
        while (change.GetProperty("left").GetArrayLength() == 0)
        {
            change = await watcher.Event("RoomChanged");
        }

        Assert.Equal("client_left", change.GetProperty("left")[0].GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_resume_with_another_secret_is_refused()
    {
        await using SignalTestClient alice = await Connect();
        JsonElement joined = await Join(alice, "alice");
        await using SignalTestClient thief = await Connect();

        (string code, string _) = await thief.Refused("Resume", new
        {
            token = RunningServer.JoinToken(_room, "alice"),
            participantSid = joined.GetProperty("participant").GetProperty("sid").GetString(),
            resumeToken = "guessed",
            version = 1,
        });

        Assert.Equal("resume_refused", code);
    }

    [Fact]
    public async Task A_project_never_sees_another_projects_rooms()
    {
        string tenant = await server.Projects.CreateTenant("other", default);
        string project = await server.Projects.CreateProject(tenant, "other", default);
        (string key, string secret) = await server.Projects.CreateKey(tenant, project, "key", default);
        await using SignalTestClient alice = await Connect();
        await using SignalTestClient bob = await Connect();

        await Join(alice, "alice");
        JsonElement stranger = await bob.Invoke(
            "Join", RunningServer.JoinRequest(RunningServer.JoinToken(_room, "bob", key, secret)));

        Assert.Equal(1, stranger.GetProperty("room").GetProperty("participants").GetArrayLength());
        Assert.Equal([_room], await server.RoomNames(key, secret));
        Assert.Contains(_room, await server.RoomNames());
        Assert.Equal(
            1,
            (await server.Rooms()).Single(room => room.GetProperty("name").ValueEquals(_room)).GetProperty("participantCount").GetInt32());
    }

    private Task<SignalTestClient> Connect() => SignalTestClient.Connect(server.Address);

    private Task<JsonElement> Join(SignalTestClient client, string identity) => client.Invoke("Join", Request(identity));

    private object Request(string identity) => RunningServer.JoinRequest(RunningServer.JoinToken(_room, identity));
}
