using RtcPlatform.Domain.Grants;
using RtcPlatform.Domain.Ids;
using RtcPlatform.Domain.Placement;
using RtcPlatform.Domain.Rooms;

namespace RtcPlatform.Domain.Tests;

public sealed class IdTests
{
    [Fact]
    public void Sids_have_their_prefix_and_twelve_base62_characters_and_read_back()
    {
        var random = new Random(1);
        var seen = new HashSet<string>();
        for (int i = 0; i < 1_000; i++)
        {
            byte[] entropy = new byte[16];
            random.NextBytes(entropy);
            TrackSid sid = TrackSid.Create(entropy);
            Assert.Matches("^TR_[0-9A-Za-z]{12}$", sid.Value);
            Assert.True(TrackSid.TryParse(sid.Value, out TrackSid read));
            Assert.Equal(sid, read);
            Assert.True(seen.Add(sid.Value));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("TR_")]
    [InlineData("PA_000000000000")]
    [InlineData("TR_00000000000")]
    [InlineData("TR_0000000000000")]
    [InlineData("TR_00000000000-")]
    public void What_is_no_track_sid_is_not_read(string? text) => Assert.False(TrackSid.TryParse(text, out _));

    [Theory]
    [InlineData("a", true)]
    [InlineData("Ünïcødé 名前", true)]
    [InlineData("family 👨‍👩‍👧", true)]
    [InlineData("a/b%2F", true)]
    [InlineData("", false)]
    [InlineData(" a", false)]
    [InlineData("a ", false)]
    [InlineData("a\u0000b", false)]
    [InlineData("a\nb", false)]
    public void Names_are_printable(string text, bool valid)
    {
        Assert.Equal(valid, RoomName.TryParse(text, out _));
        Assert.Equal(valid, ParticipantIdentity.TryParse(text, out _));
    }

    [Fact]
    public void A_lone_surrogate_is_not_printable() => Assert.False(RoomName.TryParse("a\ud800b", out _));

    [Fact]
    public void Names_have_at_most_256_characters()
    {
        Assert.True(RoomName.TryParse(new string('x', 256), out _));
        Assert.False(RoomName.TryParse(new string('x', 257), out _));
    }

    [Fact]
    public void Absent_grants_allow_and_data_follows_publishing()
    {
        Assert.Equal((true, true, true), Flags(new VideoClaim(true, "r", null, null, null, []).Resolve()));
        Assert.Equal((false, true, false), Flags(new VideoClaim(true, "r", false, null, null, []).Resolve()));
        Assert.Equal((false, false, true), Flags(new VideoClaim(true, "r", false, false, true, []).Resolve()));
    }

    [Fact]
    public void A_misspelt_list_of_sources_allows_nothing()
    {
        RoomGrants grants = new VideoClaim(true, "r", true, null, null, ["camra"]).Resolve();
        Assert.False(grants.AllowsPublishing(TrackSource.Camera));
        RoomGrants some = new VideoClaim(true, "r", true, null, null, ["microphone", "camra"]).Resolve();
        Assert.True(some.AllowsPublishing(TrackSource.Microphone));
        Assert.False(some.AllowsPublishing(TrackSource.Camera));
    }

    [Fact]
    public void A_room_stays_on_its_node_while_it_lives_and_else_goes_to_the_least_loaded()
    {
        NodeCandidate[] nodes =
        [
            new("a", "1", true, 0.9, 5), new("b", "1", false, 0, 0), new("c", "1", true, 0.21, 7), new("d", "1", true, 0.29, 3),
        ];
        Assert.Equal("a", RoomPlacement.Choose([.. nodes], "a")!.NodeId);
        Assert.Equal("d", RoomPlacement.Choose([.. nodes], "b")!.NodeId);
        Assert.Equal("d", RoomPlacement.Choose([.. nodes], null)!.NodeId);
        Assert.Null(RoomPlacement.Choose([nodes[1]], "b"));
    }

    private static (bool Publish, bool Subscribe, bool Data) Flags(RoomGrants grants) =>
        (grants.CanPublish, grants.CanSubscribe, grants.CanPublishData);
}
