using System.Buffers.Binary;
using System.Diagnostics;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtcp;

namespace RtcPlatform.Wire.Tests.Rtcp;

/// <summary>What our writers write, judged by tshark: somebody else's reading of the RFCs.</summary>
public sealed class DissectionTests
{
    private const ushort Port = 5005;

    [Fact]
    public void Tshark_finds_nothing_odd_in_any_rtcp_packet_that_we_write()
    {
        string? tshark = new[] { "/usr/bin/tshark", "/usr/local/bin/tshark" }.FirstOrDefault(File.Exists);
        Assert.SkipWhen(tshark is null, "tshark is not installed");
        string file = Path.Combine(Path.GetTempPath(), $"rtcp-{Guid.NewGuid():N}.pcap");
        byte[][] packets = [.. Compounds()];
        try
        {
            File.WriteAllBytes(file, Pcap(packets));
            string[] types = Run(tshark!, file, "-Y", "rtcp", "-T", "fields", "-e", "rtcp.pt").Split('\n', StringSplitOptions.RemoveEmptyEntries);
            string odd = Run(tshark!, file, "-Y", "_ws.malformed || _ws.expert.severity >= 6291456");

            Assert.Equal(packets.Length, types.Length);
            Assert.Equal(["200,202", "201,202", "205", "206", "206", "206", "205", "201,203"], types);
            Assert.Equal("", odd);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static IEnumerable<byte[]> Compounds()
    {
        var block = new ReportBlock(0x2222, 12, 345, 0x0001_8000, 90, 0xAABBCCDD, 6_554);
        var report = new SenderReport(0x1111, new NtpTime(0xE3A4B1C2D3E4F506), 90_000, 100, 110_000);
        yield return Build(b => report.Write(b, [block]), b => SourceDescription.WriteCname(b, 0x1111, "node-1"u8));
        yield return Build(b => ReceiverReport.Write(b, 0x1111, [block, block]), b => SourceDescription.WriteCname(b, 0x1111, "a"u8));
        yield return Build(b => GenericNack.Write(b, 0x1111, 0x2222, [100, 101, 105, 117, 65_535], out _));
        yield return Build(b => PictureLoss.Write(b, 0x1111, 0x2222));
        yield return Build(b => FullIntra.Write(b, 0x1111, new FullIntraEntry(0x2222, 7)));
        yield return Build(b => ReceiverEstimatedMaxBitrate.Write(b, 0x1111, 2_500_000, [0x2222, 0x3333]));
        TransportCcArrival[] arrivals =
            [.. Enumerable.Range(0, 60).Where(i => i % 7 != 3).Select(i => new TransportCcArrival((ushort)(65_500 + i), MonoTime.FromMilliseconds(1_000 + (i * 5))))];
        yield return Build(b => TransportCcFeedbackWriter.Write(b, 0x1111, 0x2222, 9, 65_500, arrivals, out _));
        yield return Build(b => ReceiverReport.Write(b, 0x1111, []), b => Goodbye.Write(b, [0x1111]));
    }

    private delegate int Writer(Span<byte> destination);

    private static byte[] Build(params Writer[] writers)
    {
        byte[] buffer = new byte[1_200];
        int length = 0;
        foreach (Writer write in writers)
        {
            length += write(buffer.AsSpan(length));
        }

        return buffer[..length];
    }

    /// <summary>A classic capture file of IPv4 datagrams (link type 101, raw IP).</summary>
    private static byte[] Pcap(byte[][] payloads)
    {
        using var file = new MemoryStream();
        Span<byte> header = stackalloc byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xA1B2C3D4);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], 65_535);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], 101);
        file.Write(header);
        foreach (byte[] payload in payloads)
        {
            byte[] datagram = new byte[28 + payload.Length];
            datagram[0] = 0x45;
            BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(2), (ushort)datagram.Length);
            (datagram[8], datagram[9], datagram[12], datagram[15], datagram[16], datagram[19]) = (64, 17, 127, 1, 127, 1);
            BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(20), Port);
            BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(22), Port);
            BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(24), (ushort)(8 + payload.Length));
            payload.CopyTo(datagram, 28);
            byte[] record = new byte[16];
            BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(8), datagram.Length);
            BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(12), datagram.Length);
            file.Write(record);
            file.Write(datagram);
        }

        return file.ToArray();
    }

    private static string Run(string tshark, string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(tshark) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["-r", file, "-d", $"udp.port=={Port},rtcp", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.GetAwaiter().GetResult());
        return output;
    }
}
