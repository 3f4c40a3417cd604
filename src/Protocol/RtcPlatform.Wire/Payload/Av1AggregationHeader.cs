namespace RtcPlatform.Wire.Payload;

/// <summary>The first octet of an AV1 payload (AV1 RTP payload specification, section 4.4).</summary>
public readonly record struct Av1AggregationHeader
{
    /// <summary>Z: the first element continues one of the packet before.</summary>
    public bool ContinuesElement { get; private init; }

    /// <summary>Y: the last element continues in the next packet.</summary>
    public bool IsContinued { get; private init; }

    /// <summary>W: number of elements, 1 to 3; 0 = each has its length in front.</summary>
    public byte ElementCount { get; private init; }

    /// <summary>N: the first packet of a coded video sequence, which begins with a key frame.</summary>
    public bool IsNewSequence { get; private init; }

    /// <summary>False without any element, and when a new sequence claims to continue an element.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out Av1AggregationHeader header)
    {
        if (payload.Length < 2 || (payload[0] & 0x88) == 0x88)
        {
            header = default;
            return false;
        }

        header = new Av1AggregationHeader
        {
            ContinuesElement = (payload[0] & 0x80) != 0,
            IsContinued = (payload[0] & 0x40) != 0,
            ElementCount = (byte)((payload[0] >> 4) & 3),
            IsNewSequence = (payload[0] & 0x08) != 0,
        };
        return true;
    }
}
