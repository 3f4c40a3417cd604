using System.Collections.Concurrent;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.LoadGenerator.Sending;

/// <summary>
/// One published stream as the rest of the run sees it: whose it is, how far it is, and which of its packets are measured.
/// Any thread.
/// </summary>
internal sealed class PublishedStream(uint room, ushort publisher, MediaKind kind)
{
    private readonly ConcurrentQueue<ushort> _missed = new();
    private uint _next;
    private uint _measuredFrom = uint.MaxValue;
    private uint _measuredTo = uint.MaxValue;
    private int _keyFrameWanted = 1;
    private long _keyFrameRequests;

    public uint Room => room;

    public ushort Publisher => publisher;

    public MediaKind Kind => kind;

    /// <summary>Of the next packet.</summary>
    public uint NextNumber
    {
        get => Volatile.Read(ref _next);
        set => Volatile.Write(ref _next, value);
    }

    /// <summary>First number that is measured; the highest there is before the measurement.</summary>
    public uint MeasuredFrom => Volatile.Read(ref _measuredFrom);

    /// <summary>The number after the last one that is measured.</summary>
    public uint MeasuredTo => Volatile.Read(ref _measuredTo);

    /// <summary>PLI and FIR that came.</summary>
    public long KeyFrameRequests => Volatile.Read(ref _keyFrameRequests);

    /// <summary>Packets sent again because of a NACK.</summary>
    public long Retransmitted { get; set; }

    public void BeginMeasurement()
    {
        Volatile.Write(ref _measuredTo, uint.MaxValue);
        Volatile.Write(ref _measuredFrom, NextNumber);
    }

    public void EndMeasurement() => Volatile.Write(ref _measuredTo, NextNumber);

    public bool IsMeasured(uint number) => number >= MeasuredFrom && number < MeasuredTo;

    public void RequestKeyFrame()
    {
        Interlocked.Increment(ref _keyFrameRequests);
        Volatile.Write(ref _keyFrameWanted, 1);
    }

    public bool WantsKeyFrame => Volatile.Read(ref _keyFrameWanted) != 0;

    public void KeyFrameStarted() => Volatile.Write(ref _keyFrameWanted, 0);

    /// <summary>The server did not get this one (RFC 4585 section 6.2.1).</summary>
    public void Miss(ushort sequenceNumber) => _missed.Enqueue(sequenceNumber);

    public bool TryTakeMissed(out ushort sequenceNumber) => _missed.TryDequeue(out sequenceNumber);
}
