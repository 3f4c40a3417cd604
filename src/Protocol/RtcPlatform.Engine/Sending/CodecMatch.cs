using System.Globalization;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Engine.Sending;

/// <summary>Whether a subscriber's payload type can carry what a publisher sends, unchanged.</summary>
internal static class CodecMatch
{
    private enum H264Profile
    {
        Unknown,
        ConstrainedBaseline,
        Baseline,
        Main,
        ConstrainedHigh,
        High,
    }

    /// <returns>0 = no; 1 = decodable, another profile's name; 2 = the same.</returns>
    public static int Rank(CodecBinding publisher, CodecBinding subscriber)
    {
        if (publisher.Codec != subscriber.Codec
            || publisher.ClockRate != subscriber.ClockRate
            || (publisher.Codec != CodecName.Opus && publisher.Channels != subscriber.Channels))
        {
            return 0;
        }

        return publisher.Codec switch
        {
            CodecName.H264 => RankH264(publisher.Parameters, subscriber.Parameters),
            CodecName.Vp9 => Same(publisher, subscriber, "profile-id"),
            CodecName.Av1 => Same(publisher, subscriber, "profile"),
            _ => 2,
        };
    }

    private static int Same(CodecBinding publisher, CodecBinding subscriber, string parameter) =>
        Parameter(publisher.Parameters, parameter, "0").SequenceEqual(Parameter(subscriber.Parameters, parameter, "0")) ? 2 : 0;

    private static int RankH264(string publisher, string subscriber)
    {
        if (!Parameter(publisher, "packetization-mode", "0").SequenceEqual(Parameter(subscriber, "packetization-mode", "0")))
        {
            return 0;
        }

        H264Profile sent = ProfileOf(publisher);
        H264Profile accepted = ProfileOf(subscriber);
        if (sent == accepted)
        {
            return 2;
        }

        // RFC 6184 section 8.1: Constrained Baseline is a subset of all others, Main and Constrained High of High.
        bool subset = sent == H264Profile.ConstrainedBaseline
            || (accepted == H264Profile.High && sent is H264Profile.Main or H264Profile.ConstrainedHigh);
        return subset && accepted != H264Profile.Unknown ? 1 : 0;
    }

    /// <summary>Table 5 of RFC 6184 section 8.1; without the parameter: Baseline.</summary>
    private static H264Profile ProfileOf(string parameters)
    {
        ReadOnlySpan<char> id = Parameter(parameters, "profile-level-id", "420010");
        if (id.Length != 6 || !uint.TryParse(id, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out uint value))
        {
            return H264Profile.Unknown;
        }

        byte constraints = (byte)(value >> 8);
        return (byte)(value >> 16) switch
        {
            0x42 => (constraints & 0x40) != 0 ? H264Profile.ConstrainedBaseline : H264Profile.Baseline,
            0x4D => (constraints & 0x80) != 0 ? H264Profile.ConstrainedBaseline : H264Profile.Main,
            0x58 => (constraints & 0xC0) == 0xC0 ? H264Profile.ConstrainedBaseline : H264Profile.Baseline,
            0x64 => constraints == 0x0C ? H264Profile.ConstrainedHigh : H264Profile.High,
            _ => H264Profile.Unknown,
        };
    }

    private static ReadOnlySpan<char> Parameter(string parameters, string name, string missing)
    {
        ReadOnlySpan<char> rest = parameters;
        foreach (Range range in rest.Split(';'))
        {
            ReadOnlySpan<char> item = rest[range].Trim();
            int equals = item.IndexOf('=');
            if (equals > 0 && item[..equals].TrimEnd().Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return item[(equals + 1)..].Trim();
            }
        }

        return missing;
    }
}
