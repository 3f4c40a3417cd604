using RtcPlatform.LoadGenerator.Sending;
using RtcPlatform.LoadGenerator.Sessions;

namespace RtcPlatform.LoadGenerator.Runs;

/// <summary>A publisher or a subscriber that is connected.</summary>
/// <param name="Streams">What it sends, or watches.</param>
internal sealed record LoadClient(IReadOnlyList<LoadSession> Sessions, IReadOnlyList<PublishedStream> Streams)
{
    public IEnumerable<ReceivedStream> Received =>
        Sessions.SelectMany(static s => new[] { s.Audio, s.Video }).Where(static s => s is not null)!;
}
