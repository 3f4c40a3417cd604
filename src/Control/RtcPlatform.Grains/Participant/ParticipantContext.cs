using System.Text.Json;
using RtcPlatform.Domain.Ids;
using RtcPlatform.Domain.Participants;
using RtcPlatform.Domain.Rooms;
using RtcPlatform.Grains.Contracts;
using RtcPlatform.Grains.Room;

namespace RtcPlatform.Grains.Participant;

/// <summary>
/// What the media node keeps for us beside a transport, opaque to it: enough to rebuild the participant and its room after
/// the control plane lost its memory. Holds the hash of the resume token, never the token.
/// </summary>
internal sealed record ParticipantContext(
    RoomName RoomName,
    RoomSid RoomSid,
    DateTimeOffset RoomCreatedAt,
    ulong RoomVersion,
    RoomParticipant Participant,
    SubscriptionChoice Choice,
    byte[] ResumeTokenHash,
    ulong LastOffer,
    string IceUfrag)
{
    private const int CurrentFormat = 1;

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(new Stored(
        CurrentFormat,
        RoomName.Value,
        RoomSid.Value,
        RoomCreatedAt,
        RoomVersion,
        Records.ToRecord(Participant),
        Choice.Auto,
        [.. Choice.Asked.Select(sid => sid.Value)],
        [.. Choice.Refused.Select(sid => sid.Value)],
        ResumeTokenHash,
        LastOffer,
        IceUfrag));

    /// <summary>Null when the bytes are not a context of a format that is known.</summary>
    public static ParticipantContext? TryRead(byte[] bytes)
    {
        Stored? stored;
        try
        {
            stored = JsonSerializer.Deserialize<Stored>(bytes);
        }
        catch (JsonException)
        {
            return null;
        }

        if (stored is not { Format: CurrentFormat, Participant: not null }
            || !RoomName.TryParse(stored.RoomName, out RoomName room)
            || !RoomSid.TryParse(stored.RoomSid, out RoomSid roomSid)
            || Records.ToDomain(stored.Participant) is not { } participant)
        {
            return null;
        }

        SubscriptionChoice choice = SubscriptionChoice.Default(stored.AutoSubscribe)
            .With(Sids(stored.Asked), subscribe: true)
            .With(Sids(stored.Refused), subscribe: false);
        return new ParticipantContext(
            room,
            roomSid,
            stored.RoomCreatedAt,
            stored.RoomVersion,
            participant,
            choice,
            stored.ResumeTokenHash,
            stored.LastOffer,
            stored.IceUfrag ?? string.Empty);
    }

    private static IEnumerable<TrackSid> Sids(string[] texts)
    {
        foreach (string text in texts)
        {
            if (TrackSid.TryParse(text, out TrackSid sid))
            {
                yield return sid;
            }
        }
    }

    private sealed record Stored(
        int Format,
        string RoomName,
        string RoomSid,
        DateTimeOffset RoomCreatedAt,
        ulong RoomVersion,
        ParticipantRecord Participant,
        bool AutoSubscribe,
        string[] Asked,
        string[] Refused,
        byte[] ResumeTokenHash,
        ulong LastOffer,
        string? IceUfrag);
}
