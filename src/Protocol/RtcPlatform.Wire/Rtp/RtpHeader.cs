using System.Buffers.Binary;

namespace RtcPlatform.Wire.Rtp;

/// <summary>
/// The header of an RTP packet as plain values. It is in the clear in SRTP too, so it is read before decryption; padding
/// is known only afterwards (<see cref="RtpPacketView"/>).
/// </summary>
public readonly record struct RtpHeader
{
    /// <summary>0 to 127.</summary>
    public byte PayloadType { get; private init; }

    public bool Marker { get; private init; }

    /// <summary>The P bit: the last octet of the decrypted packet counts the padding.</summary>
    public bool HasPadding { get; private init; }

    /// <summary>Number of contributing sources, 0 to 15.</summary>
    public byte CsrcCount { get; private init; }

    public ushort SequenceNumber { get; private init; }

    public uint Timestamp { get; private init; }

    public uint Ssrc { get; private init; }

    /// <summary>Octets before the payload: fixed header, CSRC list and extension.</summary>
    public int HeaderLength { get; private init; }

    /// <summary>The "defined by profile" field; 0 when there is no extension.</summary>
    public ushort ExtensionProfile { get; private init; }

    /// <summary>Octets of the extension's body, which ends at <see cref="HeaderLength"/>; 0 when there is none.</summary>
    public int ExtensionLength { get; private init; }

    /// <summary>Reads the header; false when it is not RTP version 2 or does not fit into <paramref name="packet"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, out RtpHeader header)
    {
        if (packet.Length < RtpPacket.FixedHeaderLength || packet[0] >> 6 != 2)
        {
            header = default;
            return false;
        }

        byte first = packet[0];
        int length = RtpPacket.FixedHeaderLength + ((first & 0x0F) * 4);
        ushort profile = 0;
        int extensionLength = 0;
        if ((first & 0x10) != 0)
        {
            if (packet.Length < length + 4)
            {
                header = default;
                return false;
            }

            profile = BinaryPrimitives.ReadUInt16BigEndian(packet[length..]);
            extensionLength = BinaryPrimitives.ReadUInt16BigEndian(packet[(length + 2)..]) * 4;
            length += 4 + extensionLength;
        }

        if (packet.Length < length)
        {
            header = default;
            return false;
        }

        header = new RtpHeader
        {
            PayloadType = RtpPacket.PeekPayloadType(packet),
            Marker = RtpPacket.PeekMarker(packet),
            HasPadding = (first & 0x20) != 0,
            CsrcCount = (byte)(first & 0x0F),
            SequenceNumber = RtpPacket.PeekSequenceNumber(packet),
            Timestamp = RtpPacket.PeekTimestamp(packet),
            Ssrc = RtpPacket.PeekSsrc(packet),
            HeaderLength = length,
            ExtensionProfile = profile,
            ExtensionLength = extensionLength,
        };
        return true;
    }

    /// <summary>The elements of the extension block of <paramref name="packet"/>, from which this header was read.</summary>
    public RtpExtensionReader Extensions(ReadOnlySpan<byte> packet) =>
        new(ExtensionProfile, packet.Slice(HeaderLength - ExtensionLength, ExtensionLength));

    /// <summary>
    /// Finds the first element with this id in <paramref name="packet"/>, from which this header was read. The id 0 ("not
    /// negotiated") is never found.
    /// </summary>
    public bool TryGetExtension(ReadOnlySpan<byte> packet, byte id, out ReadOnlySpan<byte> value)
    {
        if (id != 0)
        {
            RtpExtensionReader reader = Extensions(packet);
            while (reader.MoveNext())
            {
                if (reader.Id == id)
                {
                    value = reader.Value;
                    return true;
                }
            }
        }

        value = default;
        return false;
    }
}
