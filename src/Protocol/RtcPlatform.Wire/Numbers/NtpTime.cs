namespace RtcPlatform.Wire.Numbers;

/// <summary>
/// An NTP timestamp: seconds since 1900-01-01 UTC in the high 32 bits, fractions of 2^-32 s in the low (RFC 5905 section 6).
/// The seconds wrap in 2036, as everywhere in RTP.
/// </summary>
public readonly record struct NtpTime(ulong Value)
{
    /// <summary>Seconds between the NTP epoch (1900) and the Unix epoch (1970).</summary>
    private const long UnixEpochSeconds = 2_208_988_800;

    public uint Seconds => (uint)(Value >> 32);

    public uint Fraction => (uint)Value;

    /// <summary>The middle 32 bits: LSR and DLSR of receiver reports, units of 1/65536 s (RFC 3550 section 6.4.1).</summary>
    public uint Compact => (uint)(Value >> 16);

    public static NtpTime FromUnixNanoseconds(long nanoseconds)
    {
        (long seconds, long rest) = Math.DivRem(nanoseconds, 1_000_000_000);
        if (rest < 0)
        {
            seconds--;
            rest += 1_000_000_000;
        }

        // Rounded to nearest, so that a value survives the way there and back.
        ulong fraction = (((ulong)rest << 32) + 500_000_000) / 1_000_000_000;
        return new NtpTime(((ulong)(seconds + UnixEpochSeconds) << 32) + fraction);
    }

    /// <summary>
    /// Nanoseconds since 1970; values with the top bit clear are of the era that begins in 2036 (RFC 2030 section 3).
    /// </summary>
    public long ToUnixNanoseconds()
    {
        long seconds = Seconds - UnixEpochSeconds + (Seconds < 0x8000_0000 ? 1L << 32 : 0);
        return (seconds * 1_000_000_000) + (long)((Fraction * 1_000_000_000UL + 0x8000_0000) >> 32);
    }

    /// <summary>A span in units of 1/65536 s, as DLSR wants it; clamped to 0 and about 18 hours.</summary>
    public static uint ToCompactSpan(TimeSpan span) =>
        span <= TimeSpan.Zero ? 0 : (uint)UInt128.Min(uint.MaxValue, (UInt128)span.Ticks * 65536 / TimeSpan.TicksPerSecond);

    public static TimeSpan FromCompactSpan(uint units) => new((long)((ulong)units * TimeSpan.TicksPerSecond / 65536));
}
