using System.Collections.Immutable;
using RtcPlatform.Domain.Grants;
using RtcPlatform.Domain.Ids;
using RtcPlatform.Domain.Participants;
using RtcPlatform.Domain.Rooms;

namespace RtcPlatform.Domain.Tests;

public sealed class ParticipantStateTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ParticipantSid Self = ParticipantSid.Create(Entropy(200));
    private static readonly ParticipantState Fresh = new(Self, RoomGrants.All, SubscriptionChoice.Default(auto: true));

    [Fact]
    public void Audio_comes_before_screens_before_cameras_and_ones_own_tracks_do_not_come()
    {
        RoomTrack own = Track(9, TrackSource.Camera);
        RoomPicture room = Room((Self, [own]), (Other(1), [Track(1, TrackSource.Camera), Track(2, TrackSource.Microphone)]),
            (Other(2), [Track(3, TrackSource.ScreenShare), Track(4, TrackSource.Microphone)]));

        Assert.Equal([Sid(2), Sid(4), Sid(3), Sid(1)], Fresh.Wanted(room).Select(wanted => wanted.Track.Sid));
    }

    [Fact]
    public void One_request_at_a_time_with_the_sections_that_are_lacking()
    {
        ImmutableArray<WantedTrack> wanted = Fresh.Wanted(Room((Other(1), [Track(1, TrackSource.Camera), Track(2, TrackSource.Microphone)])));
        ParticipantState state = Fresh.Answered(1, [], new SectionCount(1, 0), SectionCount.None);

        Assert.Equal(new SectionCount(0, 1), state.NextRequest(wanted));
        Assert.Null(state.Asked().NextRequest(wanted));
        Assert.Null(state.Asked().Answered(2, wanted, new SectionCount(1, 1), SectionCount.None).NextRequest(wanted));
        Assert.Equal(
            new SectionCount(0, 1),
            state.Asked().Answered(2, wanted, new SectionCount(1, 0), new SectionCount(0, 1)).NextRequest(wanted));
    }

    [Fact]
    public void A_new_connection_is_asked_again()
    {
        ImmutableArray<WantedTrack> wanted = Fresh.Wanted(Room((Other(1), [Track(1, TrackSource.Camera)])));
        Assert.NotNull(Fresh.Asked().Detached(Start).Attached().NextRequest(wanted));
    }

    [Fact]
    public void The_resume_window_is_60_s_from_the_first_loss()
    {
        ParticipantState lost = Fresh.Detached(Start).Detached(Start.AddSeconds(30));
        Assert.False(lost.IsResumeOver(Start.AddSeconds(59.9)));
        Assert.True(lost.IsResumeOver(Start.AddSeconds(60)));
        Assert.False(lost.Attached().IsResumeOver(Start.AddSeconds(600)));
    }

    [Fact]
    public void Offers_are_numbered_upwards_and_publish_only_what_was_announced_once()
    {
        RoomTrack track = Track(1, TrackSource.Camera);
        ParticipantState state = Fresh with { LastOffer = 4 };
        Assert.Equal(OfferRefusal.Stale, Check(state, 4));
        Assert.Null(Check(state, 5));
        Assert.Null(Check(state, 9, ("0", track.Sid.Value)));
        Assert.Equal(OfferRefusal.TrackOfferedTwice, Check(state, 9, ("0", track.Sid.Value), ("1", track.Sid.Value)));
        Assert.Equal(OfferRefusal.NotAllowed, Check(state, 9, ("0", Sid(2).Value)));

        OfferRefusal? Check(ParticipantState of, ulong id, params (string Mid, string Sid)[] publish) =>
            ParticipantState.CheckOffer(of, id, publish.ToDictionary(entry => entry.Mid, entry => entry.Sid), [track]);
    }

    [Fact]
    public void Sections_that_may_receive_are_counted_by_kind()
    {
        const string Sdp = "v=0\r\nm=audio 9 X 0\r\na=mid:0\r\na=recvonly\r\nm=video 9 X 0\r\na=mid:1\r\na=sendonly\r\n"
            + "m=video 9 X 0\r\na=mid:2\r\nm=video 9 X 0\r\na=mid:3\r\na=sendrecv\r\nm=video 0 X 0\r\na=mid:4\r\na=recvonly\r\n"
            + "m=video 0 X 0\r\na=bundle-only\r\na=mid:5\r\na=recvonly\r\nm=video 9 X 0\r\na=mid:6\r\na=inactive\r\n"
            + "m=application 9 X 0\r\na=mid:7\r\n";
        Assert.Equal(new SectionCount(1, 2), OfferSections.CountReceiving(Sdp, new HashSet<string> { "3" }));
        Assert.Equal(SectionCount.None, OfferSections.CountReceiving("garbage\0\r\nm=", new HashSet<string>()));
    }

    [Fact]
    public void A_choice_holds_against_the_default_and_is_forgotten_with_its_track()
    {
        SubscriptionChoice automatic = SubscriptionChoice.Default(auto: true).With([Sid(1)], subscribe: false);
        Assert.False(automatic.Wants(Sid(1)));
        Assert.True(automatic.Wants(Sid(2)));
        Assert.True(automatic.With([Sid(1)], subscribe: true).Wants(Sid(1)));
        Assert.True(automatic.Only(_ => false).Wants(Sid(1)));
        Assert.False(SubscriptionChoice.Default(auto: false).Wants(Sid(1)));
        Assert.True(SubscriptionChoice.Default(auto: false).With([Sid(1)], subscribe: true).Wants(Sid(1)));
    }

    private static RoomPicture Room(params (ParticipantSid Sid, RoomTrack[] Tracks)[] participants) => new(
        1,
        [
            .. participants.Select(entry =>
            {
                Assert.True(ParticipantIdentity.TryParse(entry.Sid.Value, out ParticipantIdentity identity));
                return new RoomParticipant(entry.Sid, identity, "", "", Start, RoomGrants.All, [.. entry.Tracks]);
            }),
        ]);

    private static ParticipantSid Other(byte number) => ParticipantSid.Create(Entropy(number));

    private static TrackSid Sid(byte number) => TrackSid.Create(Entropy(number));

    private static RoomTrack Track(byte number, TrackSource source) => new(
        Sid(number), source == TrackSource.Microphone ? TrackKind.Audio : TrackKind.Video, source, "", false, 0, 0, "");

    private static byte[] Entropy(byte number) => [.. Enumerable.Repeat((byte)0, 15), number];
}
