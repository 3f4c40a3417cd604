namespace RtcPlatform.Engine;

/// <summary>A seeded stream of numbers (SplitMix64): jitter and first numbers, nothing secret.</summary>
internal struct Chance(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E37_79B9_7F4A_7C15;
        ulong mixed = _state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58_476D_1CE4_E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>0 inclusive to 1 exclusive.</summary>
    public double NextFraction() => (Next() >> 11) * (1.0 / (1UL << 53));
}
