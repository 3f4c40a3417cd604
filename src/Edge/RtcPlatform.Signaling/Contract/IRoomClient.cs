namespace RtcPlatform.Signaling.Contract;

/// <summary>What a client is told, in the order in which it happened.</summary>
public interface IRoomClient
{
    /// <summary>The room went from version-1 to version.</summary>
    Task RoomChanged(RoomChange change);

    /// <summary>Add so many receive-only sections (0 is usual) and offer again.</summary>
    Task NegotiationNeeded(NegotiationRequest request);

    /// <summary>The media node is gone: make a new peer connection and offer with <c>newTransport</c>.</summary>
    Task TransportLost(TransportLoss loss);

    /// <summary>The connection is over; there will be no further message and no resume.</summary>
    Task Disconnected(Disconnection disconnection);
}
