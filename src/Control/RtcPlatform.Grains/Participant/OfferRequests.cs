using Orleans;
using Orleans.Runtime;
using RtcPlatform.Domain.Participants;
using RtcPlatform.Grains.Contracts;

namespace RtcPlatform.Grains.Participant;

/// <summary>When the client is asked to offer again. What to ask is decided by <see cref="ParticipantState.NextRequest"/>.</summary>
/// <param name="session">The session at the moment of asking, or null.</param>
internal sealed class OfferRequests(IGrainBase grain, Func<Session?> session)
{
    /// <summary>
    /// After an answer the client is asked again only so late: it has read there what is missing and usually offers by itself.
    /// </summary>
    public static readonly TimeSpan AfterAnswer = TimeSpan.FromMilliseconds(200);

    private IGrainTimer? _later;

    public void AskLater()
    {
        Stop();
        _later = grain.RegisterGrainTimer(
            static (requests, _) =>
            {
                requests.AskNow();
                return Task.CompletedTask;
            },
            this,
            new GrainTimerCreationOptions { DueTime = AfterAnswer, Period = Timeout.InfiniteTimeSpan });
    }

    public void AskNow()
    {
        if (session() is { Edge: { } edge, Transport: not null, Picture: { } picture } current
            && current.State.NextRequest(current.State.Wanted(picture)) is { } request)
        {
            current.State = current.State.Asked();
            edge.Tell(new NegotiationNeededEvent(request.Audio, request.Video));
        }
    }

    public void Stop() => _later?.Dispose();
}
