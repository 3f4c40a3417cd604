using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Forwarding.Caching;

/// <summary>Lengths of the extension elements that stand behind a stored payload, in the order of <see cref="ForwardedExtensions"/>.</summary>
public struct ExtensionOctets
{
    private byte _audioLevel;
    private byte _videoOrientation;
    private byte _playoutDelay;
    private byte _absCaptureTime;
    private byte _dependencyDescriptor;

    /// <summary>Octets of all elements together.</summary>
    public readonly int Total =>
        _audioLevel + _videoOrientation + _playoutDelay + _absCaptureTime + _dependencyDescriptor;

    /// <summary>Octets that they will take.</summary>
    public static int Length(scoped in ForwardedExtensions extensions) =>
        extensions.AudioLevel.Length + extensions.VideoOrientation.Length + extensions.PlayoutDelay.Length
        + extensions.AbsCaptureTime.Length + extensions.DependencyDescriptor.Length;

    /// <summary>Copies the elements to the start of <paramref name="room"/>, which has at least <see cref="Length"/> octets.</summary>
    public static ExtensionOctets Write(Span<byte> room, scoped in ForwardedExtensions extensions) => new()
    {
        _audioLevel = Append(ref room, extensions.AudioLevel),
        _videoOrientation = Append(ref room, extensions.VideoOrientation),
        _playoutDelay = Append(ref room, extensions.PlayoutDelay),
        _absCaptureTime = Append(ref room, extensions.AbsCaptureTime),
        _dependencyDescriptor = Append(ref room, extensions.DependencyDescriptor),
    };

    /// <summary>The elements that <see cref="Write"/> put there.</summary>
    public readonly ForwardedExtensions Read(ReadOnlySpan<byte> room)
    {
        ForwardedExtensions extensions = default;
        if (Total == 0)
        {
            return extensions;
        }

        extensions.AudioLevel = room[.._audioLevel];
        room = room[_audioLevel..];
        extensions.VideoOrientation = room[.._videoOrientation];
        room = room[_videoOrientation..];
        extensions.PlayoutDelay = room[.._playoutDelay];
        room = room[_playoutDelay..];
        extensions.AbsCaptureTime = room[.._absCaptureTime];
        room = room[_absCaptureTime..];
        extensions.DependencyDescriptor = room[.._dependencyDescriptor];
        return extensions;
    }

    private static byte Append(ref Span<byte> room, ReadOnlySpan<byte> element)
    {
        element.CopyTo(room);
        room = room[element.Length..];
        return (byte)element.Length;
    }
}
