using BenchmarkDotNet.Attributes;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtcp;

namespace RtcPlatform.Benchmarks.Rtp;

/// <summary>What a peer says about once a second, and what it says to a lost packet.</summary>
[MemoryDiagnoser]
public class RtcpBenchmarks
{
    private readonly byte[] _datagram = new byte[1150];
    private readonly byte[] _cname = "RtcPlatform"u8.ToArray();
    private readonly ReportBlock[] _blocks = new ReportBlock[4];
    private readonly ushort[] _missing = [.. Enumerable.Range(0, 32).Select(static i => (ushort)(i * 3))];
    private uint _packets;

    /// <summary>Receiver report of four streams, CNAME, two sender reports with theirs.</summary>
    [Benchmark]
    public int WriteCompound()
    {
        Span<byte> rtcp = _datagram;
        int length = ReceiverReport.Write(rtcp, 1, _blocks);
        length += SourceDescription.WriteCname(rtcp[length..], 1, _cname);
        for (uint ssrc = 2; ssrc < 4; ssrc++)
        {
            length += new SenderReport(ssrc, new NtpTime(_packets), 90_000, _packets++, 1_000).Write(rtcp[length..]);
            length += SourceDescription.WriteCname(rtcp[length..], ssrc, _cname);
        }

        return length;
    }

    [Benchmark]
    public int WriteAndReadNack()
    {
        int length = GenericNack.Write(_datagram, 1, 2, _missing, out _);
        int numbers = 0;
        var reader = new RtcpReader(_datagram.AsSpan(0, length));
        while (reader.TryReadNext(out RtcpPacketView packet))
        {
            if (GenericNack.TryRead(packet, out GenericNack nack))
            {
                foreach (ushort number in nack)
                {
                    numbers += number;
                }
            }
        }

        return numbers;
    }
}
