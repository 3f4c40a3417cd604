namespace RtcPlatform.Domain.Rooms;

/// <summary>By which door a participant came in; decides what it sees of the room and how it is billed.</summary>
public enum ParticipantKind
{
    /// <summary>Over signaling: sees everybody.</summary>
    Standard = 0,

    /// <summary>By WHIP (RFC 9725): publishes, receives nothing and sees nobody.</summary>
    Ingress,

    /// <summary>By WHEP: receives one participant and sees nobody else.</summary>
    Viewer,
}
