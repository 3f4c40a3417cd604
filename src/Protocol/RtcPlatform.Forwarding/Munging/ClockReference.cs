namespace RtcPlatform.Forwarding.Munging;

/// <summary>One moment on two clocks, from a sender report (RFC 3550 section 6.4.1).</summary>
/// <param name="Ntp">64-bit NTP time: seconds in the upper half, fraction in the lower.</param>
/// <param name="Rtp">The same moment on the media clock.</param>
public readonly record struct ClockReference(ulong Ntp, uint Rtp)
{
    public bool IsNone => Ntp == 0;

    /// <summary>The media clock at another NTP time; right within half the range of 32 bits.</summary>
    public uint RtpAt(ulong ntp, int clockRate)
    {
        long difference = unchecked((long)(ntp - Ntp));
        return Rtp + (uint)(long)((Int128)difference * clockRate >> 32);
    }
}
