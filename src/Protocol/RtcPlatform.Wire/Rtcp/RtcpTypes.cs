using System.Buffers.Binary;

namespace RtcPlatform.Wire.Rtcp;

/// <summary>RTCP packet types (RFC 3550 section 12.1, RFC 4585 section 6.1, RFC 3611 section 2).</summary>
public enum RtcpType : byte
{
    SenderReport = 200,
    ReceiverReport = 201,
    SourceDescription = 202,
    Goodbye = 203,
    Application = 204,
    TransportFeedback = 205,
    PayloadFeedback = 206,
    ExtendedReport = 207,
}

/// <summary>
/// The FMT values of feedback packets. They count separately for <see cref="RtcpType.TransportFeedback"/> and
/// <see cref="RtcpType.PayloadFeedback"/>.
/// </summary>
public static class FeedbackFormat
{
    /// <summary>Transport feedback: RFC 4585 section 6.2.1.</summary>
    public const byte GenericNack = 1;

    /// <summary>Transport feedback: draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1.</summary>
    public const byte TransportCc = 15;

    /// <summary>Payload feedback: RFC 4585 section 6.3.1.</summary>
    public const byte PictureLoss = 1;

    /// <summary>Payload feedback: RFC 5104 section 4.3.1.</summary>
    public const byte FullIntra = 4;

    /// <summary>Payload feedback: application layer (RFC 4585 section 6.4), in practice REMB.</summary>
    public const byte ApplicationLayer = 15;
}

/// <summary>What the writers of the single packet kinds share.</summary>
internal static class RtcpFormat
{
    internal const int HeaderLength = 4;
    internal const int SsrcLength = 4;

    /// <summary>Sender and media source, with which every feedback body begins (RFC 4585 section 6.1).</summary>
    internal const int FeedbackSourcesLength = 8;

    /// <summary>The count field has five bits.</summary>
    internal const int MaxCount = 31;

    /// <param name="length">Octets of the whole packet, a multiple of four.</param>
    internal static void WriteHeader(Span<byte> destination, RtcpType type, int countOrFormat, int length)
    {
        destination[0] = (byte)(0x80 | countOrFormat);
        destination[1] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)((length / 4) - 1));
    }

    internal static void WriteFeedbackHeader(
        Span<byte> destination, RtcpType type, int format, int length, uint senderSsrc, uint mediaSsrc)
    {
        WriteHeader(destination, type, format, length);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], senderSsrc);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], mediaSsrc);
    }
}
