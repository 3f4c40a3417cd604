namespace RtcPlatform.Wire.Numbers;

/// <summary>
/// CRC-32 of ITU-T V.42 (reflected polynomial EDB88320), which STUN's FINGERPRINT uses (RFC 8489 section 14.7).
/// </summary>
public static class Crc32
{
    private static readonly uint[] Table = BuildTable();

    public static uint Compute(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        uint[] table = Table;
        foreach (byte octet in data)
        {
            crc = table[(byte)(crc ^ octet)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[] BuildTable()
    {
        uint[] table = new uint[256];
        for (uint index = 0; index < 256; index++)
        {
            uint entry = index;
            for (int bit = 0; bit < 8; bit++)
            {
                entry = (entry & 1) != 0 ? (entry >> 1) ^ 0xEDB8_8320 : entry >> 1;
            }

            table[index] = entry;
        }

        return table;
    }
}
