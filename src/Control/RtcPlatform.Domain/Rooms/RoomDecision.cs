using System.Collections.Immutable;

namespace RtcPlatform.Domain.Rooms;

/// <summary>Either a refusal or what happens, in order; no event at all is a success that changes nothing.</summary>
public sealed record RoomDecision(RoomRefusal? Refusal, ImmutableArray<RoomEvent> Events)
{
    public static readonly RoomDecision Nothing = new(null, []);

    public bool IsAccepted => Refusal is null;

    public static RoomDecision Refuse(RoomRefusal refusal) => new(refusal, []);

    public static RoomDecision Of(params ImmutableArray<RoomEvent> events) => new(null, events);
}
