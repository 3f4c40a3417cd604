using BenchmarkDotNet.Attributes;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Benchmarks.Rtp;

/// <summary>The header of every packet: read once, written once for each subscriber.</summary>
[MemoryDiagnoser]
public class HeaderBenchmarks
{
    private static readonly HeaderExtensionIds Ids = new() { Mid = 1, AbsSendTime = 4, TransportCc = 5, AudioLevel = 6, DependencyDescriptor = 7 };

    private readonly byte[] _mid = [(byte)'0'];
    private readonly byte[] _sendTime = [1, 2, 3];
    private readonly byte[] _level = [0x81];
    private readonly byte[] _packet = new byte[1200];
    private readonly byte[] _slot = new byte[1500];
    private ushort _sequence;

    [GlobalSetup]
    public void Setup() => Write(_packet);

    /// <summary>Header, padding, and the elements that are passed on.</summary>
    [Benchmark]
    public int Parse()
    {
        if (!RtpPacketView.TryParse(_packet, out RtpPacketView view))
        {
            throw new InvalidDataException("The benchmark's packet is not RTP.");
        }

        ForwardedExtensions extensions = ForwardedExtensions.Read(view, Ids);
        return view.HeaderLength + view.SequenceNumber + extensions.AudioLevel.Length;
    }

    /// <summary>Fixed header, MID, send time, audio level.</summary>
    [Benchmark]
    public int Rewrite() => Write(_slot);

    private int Write(Span<byte> destination)
    {
        var writer = new RtpHeaderWriter(destination);
        writer.WriteFixed(96, marker: true, _sequence++, 90_000, 0xCAFE_BABE);
        writer.AddExtension(Ids.Mid, _mid);
        writer.AddExtension(Ids.AbsSendTime, _sendTime);
        writer.AddExtension(Ids.AudioLevel, _level);
        return writer.Finish();
    }
}
