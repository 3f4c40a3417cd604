namespace RtcPlatform.Crypto.Kernels;

/// <summary>
/// Where the parts of one GCM key lie. As short as can be: a fan-out takes another key for every packet, so what is not read is
/// a cache line won (320 bytes with AES-128, 384 with AES-256).
/// </summary>
internal static class GcmKeyLayout
{
    /// <summary>Powers of the hash key, from the ninth down to the first: for eight blocks of text and the length block.</summary>
    public const int Powers = 9;

    public const int BlockLength = 16;

    /// <summary>The powers start the key; this is where they end and where the round keys begin.</summary>
    public const int PowersEnd = Powers * BlockLength;

    public const int RoundKeysAt = PowersEnd;

    /// <summary>All of it, in whole cache lines.</summary>
    public static int Length(int keyLength) => (PowersEnd + ((keyLength / 4) + 7) * BlockLength + 63) & ~63;
}
