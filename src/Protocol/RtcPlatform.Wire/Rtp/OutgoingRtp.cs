namespace RtcPlatform.Wire.Rtp;

/// <summary>
/// One packet as it is to leave for one subscriber, before header and encryption: the numbers are the subscriber's own, the
/// payload is the shared one that every subscriber's copy is encrypted from.
/// </summary>
public ref struct OutgoingRtp
{
    public uint Ssrc;

    /// <summary>The subscriber's sequence number with its roll-over counter above (RFC 3711 section 3.3.1); 48 bits.</summary>
    public ulong ExtendedSequence;

    public uint Timestamp;

    public byte PayloadType;

    public bool Marker;

    public ReadOnlySpan<byte> Payload;

    /// <summary>How many of the payload's last octets are RTP padding, which makes neighbouring packets equally long; 0 to 255.</summary>
    public byte Padding;

    /// <summary>Extension elements that are passed on; each goes out under the id that the subscriber negotiated.</summary>
    public ForwardedExtensions Extensions;
}
