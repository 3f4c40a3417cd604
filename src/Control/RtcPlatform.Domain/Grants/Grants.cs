using System.Collections.Immutable;
using RtcPlatform.Domain.Rooms;

namespace RtcPlatform.Domain.Grants;

/// <summary>What a join token allows within one room; names and defaults as LiveKit's users know them.</summary>
/// <param name="CanPublishSources">Empty: every source. Else only these.</param>
public sealed record RoomGrants(bool CanPublish, bool CanSubscribe, bool CanPublishData, ImmutableArray<TrackSource> CanPublishSources)
{
    public static readonly RoomGrants All = new(true, true, true, []);

    /// <summary>A track of <paramref name="source"/> may be published.</summary>
    public bool AllowsPublishing(TrackSource source) =>
        CanPublish && (CanPublishSources.IsDefaultOrEmpty || CanPublishSources.Contains(source));
}

/// <summary>The <c>video</c> claim of a join token as it was written: what is absent is null.</summary>
public sealed record VideoClaim(
    bool? RoomJoin,
    string? Room,
    bool? CanPublish,
    bool? CanSubscribe,
    bool? CanPublishData,
    ImmutableArray<string> CanPublishSources)
{
    /// <summary>
    /// Absent means allowed for <c>canPublish</c> and <c>canSubscribe</c>; <c>canPublishData</c> follows <c>canPublish</c>.
    /// Sources that are not known allow nothing, so that a misspelt list does not open everything.
    /// </summary>
    public RoomGrants Resolve()
    {
        bool publish = CanPublish ?? true;
        if (CanPublishSources.IsDefaultOrEmpty)
        {
            return new RoomGrants(publish, CanSubscribe ?? true, CanPublishData ?? publish, []);
        }

        ImmutableArray<TrackSource> known =
            [.. CanPublishSources.Select(TrackSources.Parse).OfType<TrackSource>().Distinct()];
        return new RoomGrants(publish && known.Length > 0, CanSubscribe ?? true, CanPublishData ?? publish, known);
    }
}
