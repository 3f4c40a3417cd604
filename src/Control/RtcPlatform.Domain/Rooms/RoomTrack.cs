using RtcPlatform.Domain.Ids;

namespace RtcPlatform.Domain.Rooms;

public enum TrackKind
{
    Audio = 1,
    Video = 2,
}

public enum TrackSource
{
    Unknown = 0,
    Camera,
    Microphone,
    ScreenShare,
    ScreenShareAudio,
}

/// <summary>The words for sources and kinds on the wire.</summary>
public static class TrackSources
{
    public static TrackSource? Parse(string text) => text switch
    {
        "camera" => TrackSource.Camera,
        "microphone" => TrackSource.Microphone,
        "screen_share" => TrackSource.ScreenShare,
        "screen_share_audio" => TrackSource.ScreenShareAudio,
        "unknown" => TrackSource.Unknown,
        _ => null,
    };

    public static string Name(TrackSource source) => source switch
    {
        TrackSource.Camera => "camera",
        TrackSource.Microphone => "microphone",
        TrackSource.ScreenShare => "screen_share",
        TrackSource.ScreenShareAudio => "screen_share_audio",
        _ => "unknown",
    };

    public static TrackKind? ParseKind(string text) => text switch
    {
        "audio" => TrackKind.Audio,
        "video" => TrackKind.Video,
        _ => null,
    };

    public static string Name(TrackKind kind) => kind == TrackKind.Audio ? "audio" : "video";

    /// <summary>A camera gives no audio and a microphone no video.</summary>
    public static bool Fits(TrackSource source, TrackKind kind) => source switch
    {
        TrackSource.Camera or TrackSource.ScreenShare => kind == TrackKind.Video,
        TrackSource.Microphone or TrackSource.ScreenShareAudio => kind == TrackKind.Audio,
        _ => true,
    };
}

/// <summary>A published track.</summary>
/// <param name="Width">Pixels, 0 for audio and when unknown.</param>
/// <param name="Height">Pixels, 0 for audio and when unknown.</param>
/// <param name="MimeType">Such as <c>video/VP8</c>; empty until negotiated.</param>
public sealed record RoomTrack(
    TrackSid Sid,
    TrackKind Kind,
    TrackSource Source,
    string Name,
    bool Muted,
    int Width,
    int Height,
    string MimeType);
