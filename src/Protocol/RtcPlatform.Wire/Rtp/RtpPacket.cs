using System.Buffers.Binary;

namespace RtcPlatform.Wire.Rtp;

/// <summary>
/// Single fields of an RTP packet at their fixed places (RFC 3550 section 5.1), for callers that have already classified
/// the datagram and know it to hold at least <see cref="FixedHeaderLength"/> octets.
/// </summary>
public static class RtpPacket
{
    public const int FixedHeaderLength = 12;

    public static byte PeekPayloadType(ReadOnlySpan<byte> packet) => (byte)(packet[1] & 0x7F);

    public static bool PeekMarker(ReadOnlySpan<byte> packet) => (packet[1] & 0x80) != 0;

    public static ushort PeekSequenceNumber(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);

    public static uint PeekTimestamp(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);

    public static uint PeekSsrc(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt32BigEndian(packet[8..]);
}
