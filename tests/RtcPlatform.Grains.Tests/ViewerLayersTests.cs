using RtcPlatform.Grains.Contracts;
using RtcPlatform.Grains.Tests.Scripted;
using RtcPlatform.Media.Contracts;

namespace RtcPlatform.Grains.Tests;

/// <summary>The <c>layers</c> event of a viewer, and its choice.</summary>
public sealed class ViewerLayersTests : IDisposable
{
    private static readonly GrantRecord s_all = new(true, true, true, []);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly Stage _stage = new();
    private readonly HttpSession _viewer;
    private readonly Reader _reader = new();

    public ViewerLayersTests()
    {
        Open(new OpenHttpSession(
            "room", "alice", "", "", s_all, ParticipantKind.Ingress, "", Offers.Sdp(0, 0, ("0", "video")), "EsAw",
            [new TrackOffer("0", "video", "camera")], s_patience));
        _viewer = Open(new OpenHttpSession(
            "room", "victor", "", "", s_all, ParticipantKind.Viewer, "alice", Offers.Sdp(1, 1), "EsAw", [], s_patience));
    }

    private IHttpSessionGrain Victor => Grain("victor");

    [Fact]
    public void A_stream_begins_with_the_layers_as_soon_as_they_are_measured_and_hears_of_changes_only()
    {
        SimulcastLayer low = new() { Rid = "q", Active = true };
        SimulcastLayer high = new() { Rid = "f" };
        _stage.Node.Layers.AddRange([low, high]);
        Read();
        _stage.Silo.Advance(TimeSpan.FromSeconds(3));
        Assert.Empty(_reader.Heard);

        low.Bitrate = 150_000;
        _stage.Silo.Advance(TimeSpan.FromSeconds(2));
        low.Bitrate = 160_000;
        _stage.Silo.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal([("layers", "{\"1\":[{\"rid\":\"f\"},{\"rid\":\"q\",\"bitrate\":150000}]}")], _reader.Heard);

        (high.Active, high.Bitrate) = (true, 1_500_000);
        _stage.Silo.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("{\"1\":[{\"rid\":\"f\",\"bitrate\":1500000},{\"rid\":\"q\",\"bitrate\":160000}]}", _reader.Heard[1].Data);
        _stage.Node.Layers.Clear();
        _stage.Silo.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("{\"1\":[]}", _reader.Heard[2].Data);
    }

    [Fact]
    public void Nobody_asks_the_node_when_no_stream_wants_to_know()
    {
        string stream = Read();
        _stage.Silo.Advance(TimeSpan.FromSeconds(3));
        Assert.True(_stage.Run(() => Victor.DeleteEventStream(_viewer.Secret, stream)));
        _stage.Silo.Advance(TimeSpan.FromSeconds(2));
        int asked = Asked();
        _stage.Silo.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(asked, Asked());
    }

    [Fact]
    public void A_choice_goes_to_the_node_and_what_is_not_there_is_refused()
    {
        _stage.Node.Layers.Add(new SimulcastLayer { Rid = "q" });

        Assert.True(Select("q", 1).IsOk);
        Assert.True(Select("", null).IsOk);
        Assert.Equal((SignalErrorCode.InvalidRequest, "No such layer."), (Select("f", 1).Error!.Code, Select("f", 1).Error!.Message));
        Assert.Equal(
            [("q", true, 1u), ("", false, 0u)],
            _stage.Node.Requests.Where(r => r.SelectLayer is not null).Take(2).Select(r => (r.SelectLayer.Rid, r.SelectLayer.HasLine, r.SelectLayer.Line)));
    }

    [Fact]
    public void An_ingress_has_nothing_to_choose() => Assert.Equal(
        SignalErrorCode.NotJoined,
        _stage.Run(() => Grain("alice").SelectLayer(new LayerSelection(_viewer.Secret, null, ""))).Error!.Code);

    public void Dispose() => _stage.Dispose();

    private IHttpSessionGrain Grain(string identity) =>
        _stage.Silo.Grains.GetGrain<IHttpSessionGrain>(GrainKeys.Participant("project", "room", identity));

    private HttpSession Open(OpenHttpSession command) => _stage.Run(() => Grain(command.Identity).Open(command)).Value!;

    private Outcome<Accepted> Select(string rid, int? line) =>
        _stage.Run(() => Victor.SelectLayer(new LayerSelection(_viewer.Secret, line, rid)));

    private int Asked() => _stage.Node.Requests.Count(request => request.DescribeLayers is not null);

    private string Read()
    {
        string stream = _stage.Run(() => Victor.CreateEventStream(_viewer.Secret, [SessionEventTypes.Layers])).Value!;
        ISessionEventObserver reference = _stage.Silo.Grains.CreateObjectReference<ISessionEventObserver>(_reader);
        Assert.True(_stage.Run(() => Victor.ReadEvents(_viewer.Secret, stream, reference)));
        return stream;
    }

    private sealed class Reader : ISessionEventObserver
    {
        public List<(string Type, string Data)> Heard { get; } = [];

        public Task Deliver(string type, string data)
        {
            Heard.Add((type, data));
            return Task.CompletedTask;
        }

        public Task End() => Task.CompletedTask;
    }
}
