using System.Buffers.Binary;

namespace RtcPlatform.Crypto.Dtls;

/// <summary>
/// What a datagram must look like before OpenSSL sees it (RFC 6347 section 4.1). OpenSSL 3.0 enters its error state for
/// good when a record of an encrypted epoch is too short to hold nonce and tag, so a forger could end any connection
/// with 14 bytes; such records end here.
/// </summary>
internal static class DtlsRecords
{
    private const int HeaderLength = 13;

    /// <summary>Content types change_cipher_spec to application_data.</summary>
    private const byte FirstType = 20;
    private const byte LastType = 23;

    /// <summary>Explicit nonce and tag of the AES-GCM ciphers (RFC 5288), the only ones offered, and one byte.</summary>
    private const int ShortestEncrypted = 8 + 16 + 1;

    /// <summary>The length of the well-formed records at the start of a datagram; 0 when there is none.</summary>
    public static int WellFormedPrefix(ReadOnlySpan<byte> datagram)
    {
        var at = 0;
        while (datagram.Length - at > HeaderLength)
        {
            var record = datagram[at..];
            var epoch = BinaryPrimitives.ReadUInt16BigEndian(record[3..]);
            var length = BinaryPrimitives.ReadUInt16BigEndian(record[11..]);
            var wellFormed = record[0] is >= FirstType and <= LastType
                && record[1] == 254
                && length >= (epoch == 0 ? 1 : ShortestEncrypted)
                && length <= record.Length - HeaderLength;
            if (!wellFormed)
            {
                break;
            }

            at += HeaderLength + length;
        }

        return at;
    }
}
