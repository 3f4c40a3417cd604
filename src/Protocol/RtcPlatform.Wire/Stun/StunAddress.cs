using System.Buffers.Binary;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Wire.Stun;

/// <summary>
/// The value of XOR-MAPPED-ADDRESS and its kin: an address masked with cookie and transaction id (RFC 8489 section
/// 14.2).
/// </summary>
internal static class StunAddress
{
    internal const int MaxLength = 20;
    private const byte IPv4Family = 1;
    private const byte IPv6Family = 2;
    private const int IPv4Length = 8;

    internal static bool TryRead(ReadOnlySpan<byte> value, ReadOnlySpan<byte> transactionId, out TransportAddress address)
    {
        address = default;
        if (value.Length is not (IPv4Length or MaxLength))
        {
            return false;
        }

        ushort port = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(value[2..]) ^ (ushort)(StunFormat.MagicCookie >> 16));
        if (value[1] == IPv4Family && value.Length == IPv4Length)
        {
            address = TransportAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(value[4..]) ^ StunFormat.MagicCookie, port);
            return true;
        }

        if (value[1] == IPv6Family && value.Length == MaxLength)
        {
            (ulong highMask, ulong lowMask) = IPv6Masks(transactionId);
            address = new TransportAddress(
                BinaryPrimitives.ReadUInt64BigEndian(value[4..]) ^ highMask,
                BinaryPrimitives.ReadUInt64BigEndian(value[12..]) ^ lowMask,
                port);
            return true;
        }

        return false;
    }

    /// <summary>Returns the octets written: 8 for IPv4, 20 for IPv6.</summary>
    internal static int Write(Span<byte> value, TransportAddress address, ReadOnlySpan<byte> transactionId)
    {
        value[0] = 0;
        value[1] = address.IsIPv4 ? IPv4Family : IPv6Family;
        BinaryPrimitives.WriteUInt16BigEndian(value[2..], (ushort)(address.Port ^ (StunFormat.MagicCookie >> 16)));
        if (address.IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(value[4..], address.IPv4 ^ StunFormat.MagicCookie);
            return IPv4Length;
        }

        (ulong highMask, ulong lowMask) = IPv6Masks(transactionId);
        BinaryPrimitives.WriteUInt64BigEndian(value[4..], address.High ^ highMask);
        BinaryPrimitives.WriteUInt64BigEndian(value[12..], address.Low ^ lowMask);
        return MaxLength;
    }

    private static (ulong High, ulong Low) IPv6Masks(ReadOnlySpan<byte> transactionId) =>
        (((ulong)StunFormat.MagicCookie << 32) | BinaryPrimitives.ReadUInt32BigEndian(transactionId),
            BinaryPrimitives.ReadUInt64BigEndian(transactionId[4..]));
}
