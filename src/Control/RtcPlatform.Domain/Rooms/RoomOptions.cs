namespace RtcPlatform.Domain.Rooms;

/// <summary>Limits of one room.</summary>
public sealed record RoomOptions
{
    /// <summary>Participants at a time, those who are still connecting included; 0 is no limit.</summary>
    public int MaxParticipants { get; init; }

    /// <summary>Tracks that one participant may have published at a time.</summary>
    public int MaxTracksPerParticipant { get; init; } = 32;

    /// <summary>A place is held so long for somebody who is connecting.</summary>
    public TimeSpan ReservationTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A room closes so long after the last participant left.</summary>
    public TimeSpan DepartureTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>A room that nobody ever entered closes after so long.</summary>
    public TimeSpan EmptyTimeout { get; init; } = TimeSpan.FromSeconds(300);
}
