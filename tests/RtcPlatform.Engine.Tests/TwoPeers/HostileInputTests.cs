using RtcPlatform.Engine.Streams;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Engine.Tests.TwoPeers;

public sealed class HostileInputTests
{
    private static readonly TransportAddress Attacker = TransportAddress.FromIPv4(0x0A00_0001, 6666);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Ten_thousand_mutated_datagrams_are_counted_and_the_call_goes_on(int seed)
    {
        Call call = Call.Video(seed).Connected();
        SendStream stream = call.Publisher.Peer.FindSend(Plans.VideoTrack)!;
        List<byte[]> corpus = Corpus(call, stream);
        var random = new Random(seed);
        ulong sequence = 1000;
        for (int round = 0; round < 10_000; round++)
        {
            byte[] mutated = Mutate(corpus[random.Next(corpus.Count)], random);
            call.Subscriber.Handle(call.Now, Attacker, mutated);
            if (round % 20 == 0)
            {
                call.Publisher.Send(call.Now, stream, sequence++, 0, new byte[300]);
                call.RunFor(TimeSpan.FromMilliseconds(5));
            }
        }

        call.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(500, call.Subscriber.Received.Count(packet => packet.Sequence >= 1000));
        Assert.Equal(PeerState.Connected, call.Subscriber.Peer.State);
        Assert.Equal(call.Publisher.Address, call.Subscriber.Peer.SelectedAddress);
        Assert.Equal(call.Subscriber.Arrived, call.Subscriber.Accepted + call.Subscriber.Peer.Drops.Total);
        Assert.True(call.Subscriber.Peer.Drops.Total >= 9_500, $"seed {seed}: {call.Subscriber.Peer.Drops.Total} refused");
    }

    /// <summary>Every kind of datagram that this call carries, plus a handshake record.</summary>
    private static List<byte[]> Corpus(Call call, SendStream stream)
    {
        List<byte[]> corpus = [[22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4]];
        var sink = new CollectingSink();
        stream.SetClockReference(call.Now, new NtpTime(0xE000_0000_0000_0000), 0);
        for (ulong sequence = 0; sequence < 20; sequence++)
        {
            var packet = new Wire.Rtp.OutgoingRtp
            {
                Ssrc = stream.Ssrc, ExtendedSequence = sequence, PayloadType = 96, Payload = new byte[100],
            };
            stream.Send(call.Now, packet, ref sink);
            stream.SendAgain(call.Now, packet, ref sink);
        }

        call.Publisher.Peer.HandleTimeout(call.Now + TimeSpan.FromSeconds(2), ref sink);
        call.Publisher.Checks.HandleTimeout(call.Now + TimeSpan.FromSeconds(10), ref sink);
        corpus.AddRange(sink.Sent.Select(sent => sent.Datagram));
        return corpus;
    }

    /// <summary>At least one octet differs, or the length does.</summary>
    private static byte[] Mutate(byte[] datagram, Random random)
    {
        byte[] mutated = [.. datagram];
        switch (random.Next(4))
        {
            case 0:
                return mutated[..random.Next(mutated.Length)];
            case 1:
                byte[] longer = new byte[mutated.Length + random.Next(1, 40)];
                random.NextBytes(longer);
                mutated.CopyTo(longer, 0);
                return longer;
            case 2:
                for (int count = random.Next(1, 20); count >= 0; count--)
                {
                    mutated[random.Next(mutated.Length)] ^= (byte)random.Next(1, 256);
                }

                return mutated;
            default:
                mutated[random.Next(Math.Min(24, mutated.Length))] ^= (byte)(1 << random.Next(8));
                return mutated;
        }
    }
}
