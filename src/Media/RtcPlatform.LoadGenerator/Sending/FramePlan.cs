using RtcPlatform.LoadGenerator.Plans;

namespace RtcPlatform.LoadGenerator.Sending;

/// <summary>How a frame is cut into packets and when each leaves, counted from the frame's own time. Pure.</summary>
/// <param name="Octets">Of the whole frame.</param>
/// <param name="Packets">How many it is cut into.</param>
internal readonly record struct FramePlan(int Octets, int Packets)
{
    // As libwebrtc's pacer: a burst every 5 ms, at two and a half times the encoder's rate.
    private const int PacketsPerTwoBursts = 5;
    private const double PacedShare = 0.7;

    private static readonly TimeSpan BurstInterval = TimeSpan.FromMilliseconds(5);

    public static FramePlan Of(int octets, int largestPacket) => new(octets, (octets + largestPacket - 1) / largestPacket);

    /// <summary>Equal sizes, the last ones longer by one octet where the division leaves a rest.</summary>
    public int Size(int index) => (Octets / Packets) + (index >= Packets - (Octets % Packets) ? 1 : 0);

    /// <summary>0, 0, 0, 5, 5, 10, 10, 10, 15, 15 … ms; closer together when that would outlast the frame.</summary>
    public TimeSpan Offset(int index, Pacing pacing, TimeSpan frameInterval)
    {
        if (pacing == Pacing.Burst)
        {
            return TimeSpan.Zero;
        }

        int last = Burst(Packets - 1);
        TimeSpan closest = last == 0 ? BurstInterval : frameInterval * PacedShare / last;
        return Burst(index) * (closest < BurstInterval ? closest : BurstInterval);
    }

    private static int Burst(int index) => index * 2 / PacketsPerTwoBursts;
}
