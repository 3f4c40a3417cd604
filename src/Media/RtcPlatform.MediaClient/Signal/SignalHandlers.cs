using RtcPlatform.Signaling.Contract;

namespace RtcPlatform.MediaClient.Signal;

/// <summary>What the server tells by itself. Called one at a time, in order, on the reading task: do not block there.</summary>
public sealed record SignalHandlers
{
    public Action<RoomChange> RoomChanged { get; init; } = static _ => { };

    public Action<NegotiationRequest> NegotiationNeeded { get; init; } = static _ => { };

    public Action<TransportLoss> TransportLost { get; init; } = static _ => { };

    public Action<Disconnection> Disconnected { get; init; } = static _ => { };
}
