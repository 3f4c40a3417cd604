using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Wire.Extensions;

/// <summary>
/// When a packet left: 24 bits of seconds in 6.18 fixed point on a clock of the sender's choice, wrapping every 64 s
/// (http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time).
/// </summary>
public static class AbsSendTime
{
    public const int Length = 3;

    private const int FractionBits = 18;
    private const uint Mask = 0xFF_FFFF;

    /// <summary>The 24 bits for this time.</summary>
    public static uint FromTime(MonoTime time) =>
        (uint)(((UInt128)(ulong)time.Nanoseconds << FractionBits) / 1_000_000_000) & Mask;

    /// <summary>From <paramref name="earlier"/> to <paramref name="later"/> by the shorter way round, -32 s to 32 s.</summary>
    public static TimeSpan Difference(uint later, uint earlier)
    {
        int units = (int)((later - earlier) << 8) >> 8;
        return new TimeSpan((units * TimeSpan.TicksPerSecond) >> FractionBits);
    }

    public static void Write(Span<byte> destination, uint units)
    {
        destination[0] = (byte)(units >> 16);
        destination[1] = (byte)(units >> 8);
        destination[2] = (byte)units;
    }

    public static bool TryRead(ReadOnlySpan<byte> value, out uint units)
    {
        bool fits = value.Length == Length;
        units = fits ? ((uint)value[0] << 16) | ((uint)value[1] << 8) | value[2] : 0;
        return fits;
    }
}
