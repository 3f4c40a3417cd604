using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtcp;
using RtcPlatform.Wire.Rtp;
using RtcPlatform.Wire.Stun;

namespace RtcPlatform.Wire.Tests.Hostile;

/// <summary>Readers and writers run for every packet, so they may not allocate.</summary>
public class AllocationTests
{
    private const int Rounds = 1000;
    private static readonly byte[] Key = "a password of an agent"u8.ToArray();
    private readonly byte[] _buffer = new byte[1500];

    [Fact]
    public void Rtp_is_read_and_written_without_allocation()
    {
        byte[][] packets = [.. Corpus.Rtp()];
        AssertNothingAllocated(() =>
        {
            foreach (byte[] packet in packets)
            {
                RtpPacketView.TryParse(packet, out RtpPacketView view);
                view.TryGetExtension(3, out ReadOnlySpan<byte> value);
                var writer = new RtpHeaderWriter(_buffer);
                writer.WriteFixed(view.PayloadType, view.Marker, view.SequenceNumber, view.Timestamp, view.Ssrc);
                writer.AddExtension(5, value);
                writer.AddExtension(20, value);
                writer.Finish();
            }
        });
    }

    [Fact]
    public void Stun_is_verified_and_written_without_allocation()
    {
        byte[] transactionId = new byte[12];
        AssertNothingAllocated(() =>
        {
            var writer = new StunMessageWriter(_buffer, StunClass.Success, StunMethod.Binding, transactionId);
            writer.AddUsername("name");
            writer.AddXorMappedAddress(TransportAddress.FromIPv4(0x7F000001, 5000));
            writer.AddMessageIntegrity(Key);
            writer.AddFingerprint();
            StunMessageView.TryParse(_buffer.AsSpan(0, writer.Finish()), out StunMessageView view);
            _ = view.VerifyIntegrity(Key) && view.VerifyFingerprint() && view.TryGetXorMappedAddress(out _);
        });
    }

    [Fact]
    public void Rtcp_is_read_and_written_without_allocation()
    {
        TransportCcArrival[] arrivals =
        [
            .. Enumerable.Range(0, 100).Select(
                index => new TransportCcArrival((ushort)(index * 2), MonoTime.FromMilliseconds(index))),
        ];
        ushort[] missing = [1, 2, 50, 60000];
        AssertNothingAllocated(() =>
        {
            int length = GenericNack.Write(_buffer.AsSpan(0, 100), 1, 2, missing, out _);
            length += TransportCcFeedbackWriter.Write(_buffer.AsSpan(length), 1, 2, 3, 0, arrivals, out _);
            var reader = new RtcpReader(_buffer.AsSpan(0, length));
            int sum = 0;
            while (reader.TryReadNext(out RtcpPacketView packet))
            {
                if (GenericNack.TryRead(packet, out GenericNack nack))
                {
                    foreach (ushort number in nack)
                    {
                        sum += number;
                    }
                }
                else if (TransportCcFeedback.TryRead(packet, out TransportCcFeedback feedback))
                {
                    foreach (TransportCcStatus status in feedback)
                    {
                        sum += status.Sequence;
                    }
                }
            }

            Assert.True(sum > 0);
        });
    }

    private static void AssertNothingAllocated(Action work)
    {
        for (int round = 0; round < Rounds; round++)
        {
            work();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < Rounds; round++)
        {
            work();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
