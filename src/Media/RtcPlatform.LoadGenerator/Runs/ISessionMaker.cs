using RtcPlatform.LoadGenerator.Sending;
using RtcPlatform.LoadGenerator.Sessions;

namespace RtcPlatform.LoadGenerator.Runs;

/// <summary>Connects clients: to a server by WHIP and WHEP, or to a floor program. Any thread.</summary>
internal interface ISessionMaker : IDisposable
{
    /// <summary>Connects, and begins to send; one session, or one for each stream.</summary>
    /// <exception cref="Signaling.SignalingException">Refused.</exception>
    /// <exception cref="MediaClient.MediaException">Media does not connect.</exception>
    /// <exception cref="IOException">No socket.</exception>
    Task<IReadOnlyList<LoadSession>> Publish(IReadOnlyList<PublishedStream> streams, CancellationToken cancellation);

    /// <summary>Connects a subscriber of one publisher's streams.</summary>
    /// <param name="identity">Its own.</param>
    /// <param name="isPassing">See <see cref="LoadSession.IsPassing"/>.</param>
    /// <inheritdoc cref="Publish"/>
    Task<IReadOnlyList<LoadSession>> Watch(
        IReadOnlyList<PublishedStream> streams, string identity, bool isPassing, CancellationToken cancellation);

    /// <summary>Ends it on both sides.</summary>
    Task Leave(LoadSession session, CancellationToken cancellation);
}
