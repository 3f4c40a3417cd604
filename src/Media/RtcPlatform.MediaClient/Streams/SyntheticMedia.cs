namespace RtcPlatform.MediaClient.Streams;

/// <summary>What to publish.</summary>
public sealed record SyntheticMedia
{
    public static readonly SyntheticMedia Default = new();

    /// <summary>One packet of 80 octets every 20 ms.</summary>
    public bool Audio { get; init; } = true;

    public bool Video { get; init; } = true;

    /// <summary>1 to 120.</summary>
    public int FramesPerSecond { get; init; } = 30;

    /// <summary>1 to 100.</summary>
    public int PacketsPerFrame { get; init; } = 3;

    /// <summary>RTP payload octets of a video packet, 64 to 1100.</summary>
    public int PacketSize { get; init; } = 900;

    internal void Validate()
    {
        if (!Audio && !Video)
        {
            throw new ArgumentException("neither audio nor video is to be published");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(FramesPerSecond, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(FramesPerSecond, 120);
        ArgumentOutOfRangeException.ThrowIfLessThan(PacketsPerFrame, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(PacketsPerFrame, 100);
        ArgumentOutOfRangeException.ThrowIfLessThan(PacketSize, 64);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(PacketSize, 1100);
    }
}
