namespace RtcPlatform.Wire.Rtp;

/// <summary>A complete, decrypted RTP packet (RFC 3550 section 5.1) over the caller's buffer.</summary>
public readonly ref struct RtpPacketView
{
    private readonly RtpHeader _header;
    private readonly ReadOnlySpan<byte> _packet;

    private RtpPacketView(ReadOnlySpan<byte> packet, RtpHeader header, int paddingLength)
    {
        _packet = packet;
        _header = header;
        PaddingLength = paddingLength;
    }

    public RtpHeader Header => _header;

    public byte PayloadType => _header.PayloadType;

    public bool Marker => _header.Marker;

    public ushort SequenceNumber => _header.SequenceNumber;

    public uint Timestamp => _header.Timestamp;

    public uint Ssrc => _header.Ssrc;

    /// <summary>Octets before the payload: fixed header, CSRC list and extension.</summary>
    public int HeaderLength => _header.HeaderLength;

    /// <summary>Octets after the payload, 0 to 255.</summary>
    public int PaddingLength { get; }

    /// <summary>The payload without padding; empty in packets that only probe the path.</summary>
    public ReadOnlySpan<byte> Payload => _packet[_header.HeaderLength..^PaddingLength];

    public RtpExtensionReader Extensions => _header.Extensions(_packet);

    /// <summary>
    /// Reads header and padding; false when the header does not fit, or when the padding is zero or longer than what follows
    /// the header.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> packet, out RtpPacketView view)
    {
        if (!RtpHeader.TryRead(packet, out RtpHeader header))
        {
            view = default;
            return false;
        }

        int padding = 0;
        if (header.HasPadding)
        {
            padding = packet[^1];
            if (padding == 0 || padding > packet.Length - header.HeaderLength)
            {
                view = default;
                return false;
            }
        }

        view = new RtpPacketView(packet, header, padding);
        return true;
    }

    /// <summary>Reads the header alone, which is all that can be known while the rest is encrypted.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> packet, out RtpHeader header) => RtpHeader.TryRead(packet, out header);

    /// <summary>Finds the first extension element with this id; the id 0 ("not negotiated") is never found.</summary>
    public bool TryGetExtension(byte id, out ReadOnlySpan<byte> value) => _header.TryGetExtension(_packet, id, out value);
}
