using System.Text.Json;
using RtcPlatform.TestKit;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtcp;
using RtcPlatform.Wire.Rtp;
using RtcPlatform.Wire.Stun;

namespace RtcPlatform.Wire.Tests.Hostile;

/// <summary>Valid datagrams of every kind, from which the hostile ones are made.</summary>
internal static class Corpus
{
    internal static List<byte[]> All() => [.. Stun(), .. Rtp(), .. Rtcp()];

    internal static List<byte[]> Stun()
    {
        var messages = new List<byte[]>();
        foreach (string file in (string[])["rfc5769/stun.json", "rfc8489/stun.json"])
        {
            JsonElement vectors = Vectors.Load(file).GetProperty("vectors");
            messages.AddRange(vectors.EnumerateArray().Select(vector => vector.Octets("message_hex")));
        }

        byte[] buffer = new byte[256];
        var writer = new StunMessageWriter(buffer, StunClass.Error, StunMethod.Binding, new byte[12]);
        writer.AddErrorCode(StunErrorCode.RoleConflict, "Role Conflict");
        writer.AddUnknownAttributes([1, 2, 3]);
        writer.AddMessageIntegrity("key"u8);
        writer.AddMessageIntegritySha256("key"u8);
        writer.AddFingerprint();
        messages.Add(buffer[..writer.Finish()]);
        return messages;
    }

    internal static List<byte[]> Rtp()
    {
        string[] payloads =
        [
            "fc010203", // Opus.
            "b0 f0 9234 56 a3 01", // VP8.
            "fd 8123 5b 03 04 aa", "aa 05 00 07 38 0140 00b4 0280 0168 02 00 14 01 aa", // VP9.
            "78 0002 6742 0001 68", "7c 85 00", // H.264.
            "18 0a", // AV1.
        ];
        var packets = new List<byte[]>();
        byte[] buffer = new byte[256];
        foreach (string payload in payloads)
        {
            foreach (byte id in (byte[])[4, 40])
            {
                var writer = new RtpHeaderWriter(buffer);
                writer.WriteFixed(96, marker: true, 1000, 90_000, 0x12345678, padding: true);
                writer.AddExtension(1, "mid"u8);
                writer.AddExtension(2, [0x9E]);
                writer.AddExtension(3, [1, 2, 3]);
                writer.AddExtension(id, [0xC5, 0x12, 0x34, 0xC0]);
                packets.Add([.. buffer[..writer.Finish()], .. Hex.Decode(payload), 0, 2]);
            }
        }

        packets.Add(Hex.Decode("8260 1234 01020304 aabbccdd 00000001 00000002 706162"));
        return packets;
    }

    internal static List<byte[]> Rtcp()
    {
        ReportBlock[] blocks = [new(1, 2, 3, 4, 5, 6, 7), new(8, 9, 10, 11, 12, 13, 14)];
        TransportCcArrival[] arrivals =
        [
            .. Enumerable.Range(0, 60).Select(index =>
                new TransportCcArrival((ushort)(index * 3 / 2), new MonoTime(index * index * 9_000_000L))),
        ];
        byte[] buffer = new byte[1500];
        int report = new SenderReport(1, new NtpTime(2), 3, 4, 5).Write(buffer, blocks);
        report += SourceDescription.WriteCname(buffer.AsSpan(report), 1, "name"u8);
        report += Goodbye.Write(buffer.AsSpan(report), [1, 2]);
        byte[] first = buffer[..report];

        int feedback = ReceiverReport.Write(buffer, 1, blocks);
        feedback += GenericNack.Write(buffer.AsSpan(feedback, 40), 1, 2, [1, 2, 3, 100, 101, 5000], out _);
        feedback += PictureLoss.Write(buffer.AsSpan(feedback), 1, 2);
        feedback += FullIntra.Write(buffer.AsSpan(feedback), 1, new FullIntraEntry(2, 3));
        feedback += ReceiverEstimatedMaxBitrate.Write(buffer.AsSpan(feedback), 1, 1_000_000, [1, 2]);
        byte[] second = buffer[..feedback];

        int transport = TransportCcFeedbackWriter.Write(buffer, 1, 2, 3, 0, arrivals, out _);
        byte[] third = buffer[..transport];
        return [first, second, third, Hex.Decode("afcd0005 fa17fa17 43032fa0 00990001 3de80217 20019401")];
    }
}
