using RtcPlatform.Wire.Extensions;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.MediaClient.Streams;

/// <summary>What an answer agreed on for a published stream; 0 = not negotiated.</summary>
/// <param name="Mid">In ASCII, 1 to 16 octets (RFC 8843 section 15.1).</param>
internal sealed record StreamFormat(
    MediaKind Kind, uint Ssrc, byte PayloadType, uint RtxSsrc, byte RtxPayloadType, byte TransportCcId, byte AudioLevelId, byte MidId, byte[] Mid)
{
    /// <summary>Longest that <see cref="WriteHeader"/> writes: 12 octets, and all three extensions.</summary>
    public const int LongestHeader = 48;

    /// <summary>The RTP header of a media packet.</summary>
    /// <param name="isLast">Of its frame.</param>
    /// <param name="transportSequence">Not looked at unless <see cref="TransportCcId"/> was negotiated.</param>
    /// <returns>Its octets, at most <see cref="LongestHeader"/>.</returns>
    public int WriteHeader(Span<byte> header, ushort sequence, uint timestamp, bool isLast, ushort transportSequence) =>
        Write(header, PayloadType, Ssrc, sequence, timestamp, isLast, transportSequence);

    /// <summary>The same for a packet that is sent again (RFC 4588).</summary>
    /// <inheritdoc cref="WriteHeader"/>
    public int WriteRtxHeader(Span<byte> header, ushort sequence, uint timestamp, bool isLast, ushort transportSequence) =>
        Write(header, RtxPayloadType, RtxSsrc, sequence, timestamp, isLast, transportSequence);

    private int Write(
        Span<byte> header, byte payloadType, uint ssrc, ushort sequence, uint timestamp, bool isLast, ushort transportSequence)
    {
        bool audio = Kind == MediaKind.Audio;
        var writer = new RtpHeaderWriter(header);
        writer.WriteFixed(payloadType, !audio && isLast, sequence, timestamp, ssrc);
        Span<byte> value = stackalloc byte[2];
        if (audio && AudioLevelId != 0)
        {
            new AudioLevel(Voice: true, Level: 30).Write(value);
            writer.AddExtension(AudioLevelId, value[..AudioLevel.Length]);
        }

        if (TransportCcId != 0)
        {
            TransportCcSequence.Write(value, transportSequence);
            writer.AddExtension(TransportCcId, value);
        }

        if (MidId != 0)
        {
            writer.AddExtension(MidId, Mid);
        }

        return writer.Finish();
    }
}
