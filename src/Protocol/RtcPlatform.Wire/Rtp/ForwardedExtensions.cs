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

    /// <summary>One walk over the packet's elements, under the ids that its sender negotiated.</summary>
    public static ForwardedExtensions Read(scoped in RtpPacketView view, scoped in HeaderExtensionIds ids)
    {
        ForwardedExtensions found = default;
        RtpExtensionReader reader = view.Extensions;
        while (reader.MoveNext())
        {
            byte id = reader.Id;
            if (id == 0)
            {
                continue;
            }

            if (id == ids.AudioLevel)
            {
                found.AudioLevel = reader.Value;
            }
            else if (id == ids.DependencyDescriptor)
            {
                found.DependencyDescriptor = reader.Value;
            }
            else if (id == ids.VideoOrientation)
            {
                found.VideoOrientation = reader.Value;
            }
            else if (id == ids.PlayoutDelay)
            {
                found.PlayoutDelay = reader.Value;
            }
            else if (id == ids.AbsCaptureTime)
            {
                found.AbsCaptureTime = reader.Value;
            }
        }

        return found;
    }
}
