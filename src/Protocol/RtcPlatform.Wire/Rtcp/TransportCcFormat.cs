namespace RtcPlatform.Wire.Rtcp;

/// <summary>Numbers of draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1 that reader and writer share.</summary>
internal static class TransportCcFormat
{
    /// <summary>Base sequence number, status count, reference time and feedback count, behind the two sources.</summary>
    internal const int FixedLength = 8;
    internal const int ChunkLength = 2;
    internal const int MaxRunLength = 0x1FFF;
    internal const int OneBitSymbols = 14;
    internal const int TwoBitSymbols = 7;

    internal const int NotReceived = 0;
    internal const int SmallDelta = 1;
    internal const int LargeDelta = 2;

    /// <summary>Deltas count 250 us, the reference time 64 ms.</summary>
    internal const long NanosecondsPerTick = 250_000;
    internal const int TicksPerReferenceUnit = 256;
}
