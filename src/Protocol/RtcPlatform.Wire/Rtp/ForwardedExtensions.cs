namespace RtcPlatform.Wire.Rtp;

/// <summary>
/// The extension elements of one incoming packet that mean something to its receivers, found once however many they are.
/// Empty = not present.
/// </summary>
public ref struct ForwardedExtensions
{
    /// <summary>RFC 6464: 1 octet.</summary>
    public ReadOnlySpan<byte> AudioLevel;

    /// <summary>3GPP TS 26.114 CVO: 1 octet.</summary>
    public ReadOnlySpan<byte> VideoOrientation;

    /// <summary>3 octets: minimum and maximum delay in units of 10 ms.</summary>
    public ReadOnlySpan<byte> PlayoutDelay;

    /// <summary>8 or 16 octets.</summary>
    public ReadOnlySpan<byte> AbsCaptureTime;

    /// <summary>AV1 RTP payload specification, appendix A.</summary>
    public ReadOnlySpan<byte> DependencyDescriptor;
}
