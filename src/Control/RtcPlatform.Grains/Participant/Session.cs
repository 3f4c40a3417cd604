using RtcPlatform.Domain.Ids;
using RtcPlatform.Domain.Participants;
using RtcPlatform.Domain.Rooms;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Grains.Room;
using ParticipantKind = RtcPlatform.Domain.Rooms.ParticipantKind;

namespace RtcPlatform.Grains.Participant;

/// <summary>What a participant grain holds during one stay: the same until the participant leaves, over resumes and transports.</summary>
internal sealed class Session(ParticipantContext origin)
{
    /// <summary>This participant as it knows itself; ahead of the picture while the room's word is under way.</summary>
    public RoomParticipant Self { get; set; } = origin.Participant;

    public ParticipantState State { get; set; } =
        new(origin.Participant.Sid, origin.Participant.Grants, origin.Choice) { LastOffer = origin.LastOffer };

    /// <summary>Null when changes were missed: then the room is to be asked.</summary>
    public RoomPicture? Picture { get; set; }

    public EdgeConnection? Edge { get; set; }

    /// <summary>Null when lost.</summary>
    public MediaTransport? Transport { get; set; }

    /// <summary>Of WHIP or WHEP: an HTTP resource instead of a signaling connection.</summary>
    public bool IsHttp => Self.Kind != ParticipantKind.Standard;

    /// <summary>The client's ICE user fragment as the control plane last saw it; empty where it does not read offers.</summary>
    public string IceUfrag { get; set; } = origin.IceUfrag;

    /// <summary>A counter-offer waits for its answer. Not known after a restart of ours: then the media node knows.</summary>
    public bool AwaitsAnswer { get; set; }

    /// <summary>What a viewer's sections carry at the moment; null when that is not known, after a restart of ours.</summary>
    public WatchedTracks? Watching { get; set; }

    /// <summary>Names the ICE session for conditional requests; another one after every restart, the same after a restart of ours.</summary>
    public string ETag => $"{Sid.Value}.{State.LastOffer}";

    /// <summary>Taken back from a media node, and nobody resumed it yet.</summary>
    public bool IsUnclaimed { get; private set; }

    public ParticipantSid Sid => Self.Sid;

    public ulong Version => Picture?.Version ?? origin.RoomVersion;

    public ParticipantContext Context => origin with
    {
        RoomVersion = Version,
        Participant = Self,
        Choice = State.Choice,
        LastOffer = State.LastOffer,
        IceUfrag = IceUfrag,
    };

    /// <summary>As the media node remembers it: all but the picture and the edge.</summary>
    /// <param name="lastOffer">The last offer that the node answered.</param>
    public static Session Restored(ParticipantContext context, MediaTransport transport, ulong lastOffer)
    {
        var session = new Session(context) { Transport = transport, IsUnclaimed = true };
        session.State = session.State with
        {
            LastOffer = Math.Max(context.LastOffer, lastOffer),

            // What changed while the control plane was away is not known: one more offer settles it.
            Negotiated = null,
        };
        return session;
    }

    public bool IsCurrent(string connectionId) =>
        Edge is not null && string.Equals(Edge.ConnectionId, connectionId, StringComparison.Ordinal);

    /// <summary>Whether who asks for a resume is this participant.</summary>
    public bool IsProven(ResumeCommand command)
    {
        bool matches = IsProvenBy(command.ResumeToken);
        return matches && string.Equals(command.ParticipantSid, Sid.Value, StringComparison.Ordinal);
    }

    public bool IsProvenBy(string secret) => ResumeToken.Matches(secret, origin.ResumeTokenHash);

    /// <summary>
    /// Whether another media node remembers a later moment of the same stay: a node that was out of reach for a while still
    /// has the transport that the participant left behind there.
    /// </summary>
    public bool IsOutdatedBy(Session restored) =>
        IsUnclaimed && restored.Sid == Sid && restored.State.LastOffer > State.LastOffer;

    public bool IsIn(RoomSnapshot room) =>
        room.Participants.Any(participant => string.Equals(participant.Sid, Sid.Value, StringComparison.Ordinal));

    /// <summary>Goes on over another edge, which is told the room as it is and what is to be done about the transport.</summary>
    public ResumeResult Resume(EdgeConnection edge, RoomSnapshot room)
    {
        Edge?.Drop();
        Edge = edge;
        IsUnclaimed = false;
        State = State.Attached();
        Enter(room);
        bool negotiate = Transport is not null && State.NextRequest(State.Wanted(Picture!)) is not null;
        State = negotiate ? State.Asked() : State;
        return new ResumeResult(room, Records.ToRecord(Self), Transport is null, negotiate);
    }

    public void Detach(DateTimeOffset now)
    {
        Edge?.Drop();
        Edge = null;
        State = State.Detached(now);
    }

    /// <summary>Has the media node remember the session as it is now.</summary>
    public void Remember() => Transport?.Remember(Context.Write());

    /// <summary>The participant did something to itself.</summary>
    public void Change(RoomParticipant self)
    {
        Self = self;
        Remember();
    }

    /// <summary>The room as the snapshot says; of this participant, what the room says first hand.</summary>
    public void Enter(RoomSnapshot snapshot)
    {
        Picture = Records.ToDomain(snapshot);
        Self = Picture.Participants.FirstOrDefault(participant => participant.Sid == Sid) ?? Self;
        Prune();
    }

    /// <summary>False when a change before this one is missing.</summary>
    public bool Apply(RoomDelta delta)
    {
        RoomChange change = Records.ToDomain(delta);
        Picture = Self.Kind == ParticipantKind.Standard ? Picture?.Apply(change) : Picture?.Merge(change);
        if (Picture is null)
        {
            return false;
        }

        if (delta.Updated.Length > 0 && Picture.Participants.FirstOrDefault(participant => participant.Sid == Sid) is { } seen)
        {
            TakeCodecs(seen);
        }

        Prune();
        return true;
    }

    private void Prune() => State = State with { Choice = State.Choice.Only(sid => Picture!.Track(sid) is not null) };

    // The picture may lag behind this participant's own commands; only the codecs come from elsewhere.
    private void TakeCodecs(RoomParticipant seen)
    {
        foreach (RoomTrack track in seen.Tracks)
        {
            if (Self.Track(track.Sid) is { } own)
            {
                Self = Self.With(own with { MimeType = track.MimeType });
            }
        }
    }
}
