using RtcPlatform.Domain.Grants;
using RtcPlatform.Domain.Ids;
using RtcPlatform.Domain.Rooms;

namespace RtcPlatform.Domain.Tests;

public sealed class RoomStateTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    [InlineData(1000)]
    public void Every_sequence_of_commands_keeps_the_invariants(int firstSeed)
    {
        for (int seed = firstSeed; seed < firstSeed + 500; seed++)
        {
            string? broken = Play(new Random(seed), maxParticipants: seed % 4);
            Assert.True(broken is null, $"seed {seed}: {broken}");
        }
    }

    [Fact]
    public void A_reservation_is_invisible_and_ends_after_15_s()
    {
        RoomState room = Run(Room(), new RoomCommand.Reserve(Somebody("a", 1)), Start);
        Assert.Empty(room.Participants);
        Assert.Equal(0UL, room.Version);
        Assert.Equal(Start.AddSeconds(15), room.NextDeadline);
        Assert.Equal(
            RoomRefusal.UnknownParticipant,
            RoomState.Decide(room, new RoomCommand.Activate(Sid(1), []), Start.AddSeconds(15)).Refusal);
        Assert.Empty(Run(room, new RoomCommand.Expire(), Start.AddSeconds(15)).Reservations);
    }

    [Fact]
    public void A_room_that_nobody_entered_closes_after_300_s()
    {
        Assert.False(Run(Room(), new RoomCommand.Expire(), Start.AddSeconds(299)).IsClosed);
        Assert.True(Run(Room(), new RoomCommand.Expire(), Start.AddSeconds(300)).IsClosed);
    }

    [Fact]
    public void A_room_closes_20_s_after_the_last_departure()
    {
        RoomState room = Joined(Room(), "a", 1);
        room = Run(room, new RoomCommand.Remove(Sid(1), LeaveReason.ClientLeft), Start.AddSeconds(100));
        Assert.Equal(Start.AddSeconds(120), room.NextDeadline);
        Assert.True(Run(room, new RoomCommand.Expire(), Start.AddSeconds(120)).IsClosed);
        Assert.Equal(
            RoomRefusal.RoomClosed,
            RoomState.Decide(
                Run(room, new RoomCommand.Expire(), Start.AddSeconds(120)), new RoomCommand.Reserve(Somebody("b", 2)), Start).Refusal);
    }

    [Fact]
    public void Reservations_count_against_the_capacity_but_not_against_the_same_identity()
    {
        RoomState room = Run(Room(maxParticipants: 1), new RoomCommand.Reserve(Somebody("a", 1)), Start);
        Assert.Equal(RoomRefusal.RoomFull, RoomState.Decide(room, new RoomCommand.Reserve(Somebody("b", 2)), Start).Refusal);
        Assert.True(RoomState.Decide(room, new RoomCommand.Reserve(Somebody("a", 3)), Start).IsAccepted);
        Assert.True(RoomState.Decide(room, new RoomCommand.Reserve(Somebody("b", 2)), Start.AddSeconds(15)).IsAccepted);
    }

    [Fact]
    public void A_duplicate_leaves_and_joins_in_two_versions()
    {
        RoomState room = Run(Joined(Room(), "a", 1), new RoomCommand.Reserve(Somebody("a", 2)), Start);
        RoomDecision decision = RoomState.Decide(room, new RoomCommand.Activate(Sid(2), []), Start);
        Assert.Collection(
            decision.Events,
            first => Assert.Equal(LeaveReason.DuplicateIdentity, Assert.IsType<RoomEvent.Left>(first).Reason),
            second => Assert.Equal(Sid(2), Assert.IsType<RoomEvent.Joined>(second).Participant.Sid));
        Assert.Equal(3UL, decision.Events.Aggregate(room, RoomState.Apply).Version);
    }

    [Fact]
    public void Sources_beyond_the_grants_and_tracks_beyond_the_limit_are_refused()
    {
        RoomParticipant listener = Somebody("a", 1) with { Grants = new RoomGrants(true, true, true, [TrackSource.Microphone]) };
        RoomState room = Run(Run(Room(), new RoomCommand.Reserve(listener), Start), new RoomCommand.Activate(Sid(1), []), Start);
        Assert.Equal(RoomRefusal.SourceNotAllowed, RoomState.Decide(room, new RoomCommand.AddTrack(Sid(1), Track(1)), Start).Refusal);

        room = Joined(Room(), "a", 1);
        for (byte i = 0; i < room.Options.MaxTracksPerParticipant; i++)
        {
            room = Run(room, new RoomCommand.AddTrack(Sid(1), Track(i)), Start);
        }

        Assert.Equal(RoomRefusal.TooManyTracks, RoomState.Decide(room, new RoomCommand.AddTrack(Sid(1), Track(99)), Start).Refusal);
    }

    [Fact]
    public void What_changes_nothing_is_no_new_version()
    {
        RoomState room = Run(Joined(Room(), "a", 1), new RoomCommand.AddTrack(Sid(1), Track(1)), Start);
        Assert.Empty(RoomState.Decide(room, new RoomCommand.SetMuted(Sid(1), Track(1).Sid, false), Start).Events);
        Assert.Single(RoomState.Decide(room, new RoomCommand.SetMuted(Sid(1), Track(1).Sid, true), Start).Events);
    }

    [Fact]
    public void An_adopted_room_continues_above_every_version_that_was_seen()
    {
        RoomState room = Run(Room(), new RoomCommand.Adopt(Somebody("a", 1), 40), Start);
        room = Run(room, new RoomCommand.Adopt(Somebody("b", 2), 57), Start);
        Assert.True(room.Version > 57 + 1000);
        Assert.Equal(2, room.Participants.Length);
        Assert.Equal(
            RoomRefusal.UnknownParticipant,
            RoomState.Decide(room, new RoomCommand.Adopt(Somebody("a", 3), 1), Start).Refusal);
    }

    [Fact]
    public void Only_the_node_that_the_room_is_on_can_be_lost()
    {
        RoomState room = Run(Room(), new RoomCommand.PlaceOn(new NodeRef("n", "2")), Start);
        Assert.NotNull(Run(room, new RoomCommand.LoseNode(new NodeRef("n", "1")), Start).Node);
        Assert.Null(Run(room, new RoomCommand.LoseNode(new NodeRef("n", "2")), Start).Node);
    }

    private static string? Play(Random random, int maxParticipants)
    {
        RoomState room = Room(maxParticipants);
        RoomPicture picture = room.Picture;
        DateTimeOffset now = Start;
        for (int step = 0; step < 60; step++)
        {
            now += TimeSpan.FromSeconds(random.Next(6));
            RoomDecision decision = RoomState.Decide(room, Any(random), now);
            if (!decision.IsAccepted && decision.Events.Length > 0)
            {
                return "a refusal that does something";
            }

            foreach (RoomEvent happened in decision.Events)
            {
                RoomState next = RoomState.Apply(room, happened);
                ulong expected = room.Version + (happened.IsVisible ? 1UL : 0UL);
                if (next.Version != expected && happened is not RoomEvent.VersionRaised)
                {
                    return $"{happened} went from version {room.Version} to {next.Version}";
                }

                picture = RoomChange.Of(next, happened) is { } change
                    ? picture.Apply(change) ?? next.Picture
                    : picture with { Version = next.Version };
                room = next;
                if (!picture.Equals(room.Picture))
                {
                    return $"after {happened} the picture differs from the room";
                }
            }

            if (Broken(room, now) is { } broken)
            {
                return broken;
            }
        }

        return null;
    }

    private static string? Broken(RoomState room, DateTimeOffset now)
    {
        if (room.Participants.Select(p => p.Identity).Distinct().Count() != room.Participants.Length)
        {
            return "an identity is visible twice";
        }

        int max = room.Options.MaxParticipants;
        int identities = room.Participants.Select(p => p.Identity)
            .Concat(room.Reservations.Where(r => r.ExpiresAt > now).Select(r => r.Participant.Identity)).Distinct().Count();
        return max > 0 && identities > max ? $"{identities} of {max} places are taken"
            : room.IsClosed && room.Participants.Length > 0 ? "a closed room has participants"
            : room.Participants.SelectMany(p => p.Tracks).GroupBy(t => t.Sid).Any(g => g.Count() > 1) ? "a track is there twice"
            : null;
    }

    private static RoomCommand Any(Random random)
    {
        byte participant = (byte)random.Next(8);
        string identity = ((char)('a' + (participant % 5))).ToString();
        TrackSid track = Track((byte)random.Next(6)).Sid;
        return random.Next(14) switch
        {
            0 or 1 or 2 => new RoomCommand.Reserve(Somebody(identity, participant)),
            3 or 4 or 5 => new RoomCommand.Activate(Sid(participant), []),
            6 or 7 => new RoomCommand.AddTrack(Sid(participant), Track((byte)random.Next(6))),
            8 => new RoomCommand.RemoveTrack(Sid(participant), track),
            9 => new RoomCommand.SetMuted(Sid(participant), track, random.Next(2) == 0),
            10 => new RoomCommand.SetCodec(Sid(participant), track, "video/VP8"),
            11 => new RoomCommand.Remove(Sid(participant), LeaveReason.ClientLeft),
            12 => new RoomCommand.PlaceOn(new NodeRef("n", random.Next(2).ToString())),
            _ => new RoomCommand.Expire(),
        };
    }

    private static RoomState Room(int maxParticipants = 0)
    {
        Assert.True(RoomName.TryParse("room", out RoomName name));
        return new RoomState(RoomSid.Create(new byte[16]), name, Start, new RoomOptions { MaxParticipants = maxParticipants });
    }

    private static RoomState Joined(RoomState room, string identity, byte number) =>
        Run(Run(room, new RoomCommand.Reserve(Somebody(identity, number)), Start), new RoomCommand.Activate(Sid(number), []), Start);

    private static RoomState Run(RoomState room, RoomCommand command, DateTimeOffset now)
    {
        RoomDecision decision = RoomState.Decide(room, command, now);
        Assert.True(decision.IsAccepted, decision.Refusal.ToString());
        return decision.Events.Aggregate(room, RoomState.Apply);
    }

    private static ParticipantSid Sid(byte number) => ParticipantSid.Create(Entropy(number));

    private static RoomParticipant Somebody(string identity, byte number)
    {
        Assert.True(ParticipantIdentity.TryParse(identity, out ParticipantIdentity parsed));
        return new RoomParticipant(Sid(number), parsed, identity, "", Start, RoomGrants.All, []);
    }

    private static RoomTrack Track(byte number) =>
        new(TrackSid.Create(Entropy(number)), TrackKind.Video, TrackSource.Camera, "", false, 640, 480, "");

    private static byte[] Entropy(byte number) => [.. Enumerable.Repeat((byte)0, 15), number];
}
