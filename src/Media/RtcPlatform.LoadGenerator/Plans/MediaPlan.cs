using RtcPlatform.MediaClient.Streams;

namespace RtcPlatform.LoadGenerator.Plans;

/// <summary>What each publisher sends.</summary>
public sealed record MediaPlan
{
    /// <summary>Longest RTP payload that fits into what servers forward, with room for extensions and tag.</summary>
    public const int LongestPacket = 1200;

    private const int ShortestPacket = SyntheticPayload.MinimumLength + 20;

    public bool Audio { get; init; }

    public bool Video { get; init; } = true;

    /// <summary>Bits of RTP payload each second.</summary>
    public int VideoBitrate { get; init; } = 1_500_000;

    /// <summary>1 to 120.</summary>
    public int FramesPerSecond { get; init; } = 30;

    /// <summary>Most octets of RTP payload in a video packet; a frame is cut into equal parts, give or take one octet.</summary>
    public int PacketSize { get; init; } = 1100;

    /// <summary>Octets of RTP payload in an audio packet; 50 each second.</summary>
    public int AudioSize { get; init; } = 100;

    /// <summary>How much larger than others a key frame is.</summary>
    public int KeyFrameFactor { get; init; } = 4;

    public Pacing Pacing { get; init; }

    /// <summary>Octets of a frame that is no key frame.</summary>
    public int FrameSize => Math.Max(ShortestPacket, VideoBitrate / 8 / FramesPerSecond);

    internal void Validate()
    {
        Require(Audio || Video, "neither audio nor video is to be published");
        Require(VideoBitrate is >= 10_000 and <= 100_000_000, "--video-bitrate must be 10k to 100M");
        Require(FramesPerSecond is >= 1 and <= 120, "--video-fps must be 1 to 120");
        Require(PacketSize is >= ShortestPacket and <= LongestPacket, $"--packet-size must be {ShortestPacket} to {LongestPacket}");
        Require(AudioSize is >= ShortestPacket and <= LongestPacket, $"--audio-size must be {ShortestPacket} to {LongestPacket}");
        Require(FrameSize / PacketSize < 500, "--packet-size is too small for that bitrate and frame rate");

        static void Require(bool good, string complaint)
        {
            if (!good)
            {
                throw new ArgumentException(complaint);
            }
        }
    }
}
