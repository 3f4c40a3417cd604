using RtcPlatform.LoadGenerator.Measuring;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.LoadGenerator.Receiving;

/// <summary>What one receiving thread counts over all its sessions. Written by that thread, read by any.</summary>
internal sealed class LoadMeter
{
    private long _packets;
    private long _octets;

    /// <summary>Latency of what is measured, audio and video, of those who stay and of those who pass.</summary>
    public Histogram Audio { get; } = new();

    public Histogram Video { get; } = new();

    public Histogram Passing { get; } = new();

    public long Packets => Volatile.Read(ref _packets);

    public long Octets => Volatile.Read(ref _octets);

    public void CountPacket(int octets)
    {
        Volatile.Write(ref _packets, _packets + 1);
        Volatile.Write(ref _octets, _octets + octets);
    }

    public void Record(MediaKind kind, bool isPassing, long latency) =>
        (isPassing ? Passing : kind == MediaKind.Audio ? Audio : Video).Record(latency);

    /// <summary>Between two measurements, while nothing is measured.</summary>
    public void Clear()
    {
        Audio.Clear();
        Video.Clear();
        Passing.Clear();
    }
}
