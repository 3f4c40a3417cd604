namespace RtcPlatform.Wire.Rtp;

/// <summary>
/// Walks the elements of a header extension block in the one-byte (profile BEDE) or two-byte (profile 100x) form of
/// RFC 8285 section 4. A block of another profile has no elements; an element that does not fit ends the walk, since
/// everything after it is noise.
/// </summary>
public ref struct RtpExtensionReader
{
    internal const ushort OneByteProfile = 0xBEDE;
    internal const ushort TwoByteProfile = 0x1000;
    private const ushort TwoByteProfileMask = 0xFFF0;

    private readonly ReadOnlySpan<byte> _block;
    private readonly bool _twoByte;
    private int _position;

    internal RtpExtensionReader(ushort profile, ReadOnlySpan<byte> block)
    {
        _twoByte = (profile & TwoByteProfileMask) == TwoByteProfile;
        _block = _twoByte || profile == OneByteProfile ? block : default;
    }

    /// <summary>1 to 14 in the one-byte form, 1 to 255 in the two-byte form.</summary>
    public byte Id { get; private set; }

    /// <summary>1 to 16 octets in the one-byte form, 0 to 255 in the two-byte form.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    public bool MoveNext()
    {
        ReadOnlySpan<byte> block = _block;
        int position = _position;
        while (position < block.Length && block[position] == 0)
        {
            position++;
        }

        if (position >= block.Length)
        {
            return End();
        }

        byte id = block[position];
        int length;
        if (_twoByte)
        {
            if (position + 2 > block.Length)
            {
                return End();
            }

            length = block[position + 1];
            position += 2;
        }
        else
        {
            length = (id & 0x0F) + 1;
            id >>= 4;
            position += 1;

            // RFC 8285 section 4.2: 15 is reserved and stops the processing. 0 with a length is no padding; it carries nothing.
            if (id == 15)
            {
                return End();
            }
        }

        if (length > block.Length - position)
        {
            return End();
        }

        Id = id;
        Value = block.Slice(position, length);
        _position = position + length;
        return true;
    }

    private bool End()
    {
        _position = _block.Length;
        return false;
    }
}
