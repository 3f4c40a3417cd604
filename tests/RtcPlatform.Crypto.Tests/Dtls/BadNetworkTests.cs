using RtcPlatform.Crypto.Dtls;

namespace RtcPlatform.Crypto.Tests.Dtls;

public sealed class BadNetworkTests
{
    /// <summary>A whole handshake is 4 datagrams; each is lost once, the last one and so the peer's answer to a retry too.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_lost_datagram_is_sent_again(int lost)
    {
        using var pair = new DtlsPair();
        pair.Client.Start(pair.Now);
        pair.RunUntilSettled((index, _) => index != lost);
        Assert.Equal(DtlsState.Connected, pair.Client.State);
        Assert.Equal(DtlsState.Connected, pair.Server.State);
        Assert.True(pair.Client.Keys!.ClientKey.SequenceEqual(pair.Server.Keys!.ClientKey));
        Assert.True(pair.Sent > 4);
        Assert.InRange(pair.Largest, 1, DtlsConnection.MaximumDatagram);
    }

    [Fact]
    public void Each_datagram_arriving_twice_changes_nothing()
    {
        using var pair = new DtlsPair { Copies = 2 };
        pair.Client.Start(pair.Now);
        pair.Exchange();
        Assert.Equal(DtlsState.Connected, pair.Client.State);
        Assert.Equal(DtlsState.Connected, pair.Server.State);
        pair.Client.Close();
        pair.Exchange();
        Assert.Equal(DtlsState.Closed, pair.Server.State);
    }

    [Fact]
    public void A_thousand_mutated_datagrams_never_throw_and_spoil_nothing_for_others()
    {
        var recorded = Record();
        var random = new Random(77);
        using var identity = DtlsPair.Identity();
        for (var round = 0; round < 1_000; round++)
        {
            var role = round % 2 == 0 ? DtlsRole.Server : DtlsRole.Client;
            using var victim = new DtlsConnection(identity, role, identity.Fingerprint);
            victim.Start(default);
            var upTo = random.Next(1, recorded.Count + 1);
            for (var i = 0; i < upTo; i++)
            {
                victim.HandleDatagram(default, i == upTo - 1 ? Mutate(recorded[i], random) : recorded[i]);
            }

            victim.HandleTimeout(default);
            var buffer = new byte[DtlsConnection.MaximumDatagram];
            while (victim.TryTransmit(buffer, out var length))
            {
                Assert.InRange(length, 1, DtlsConnection.MaximumDatagram);
            }

            Assert.NotEqual(DtlsState.Connected, victim.State);
            Assert.Equal(victim.State == DtlsState.Failed, victim.Failure != DtlsFailure.None);
        }

        using var pair = new DtlsPair();
        pair.Client.Start(pair.Now);
        pair.Exchange();
        Assert.Equal(DtlsState.Connected, pair.Client.State);
        Assert.Equal(DtlsState.Connected, pair.Server.State);
    }

    [Fact]
    public void Garbage_after_the_handshake_does_not_end_the_connection()
    {
        using var pair = new DtlsPair();
        pair.Client.Start(pair.Now);
        pair.Exchange();
        var random = new Random(78);
        for (var i = 0; i < 1_000; i++)
        {
            var garbage = new byte[random.Next(1, 1_400)];
            random.NextBytes(garbage);
            garbage[0] = (byte)random.Next(20, 64);
            pair.Server.HandleDatagram(pair.Now, garbage);
            if (garbage.Length > 13)
            {
                // A well-formed record header over garbage, in the epoch of the keys.
                garbage[0] = (byte)random.Next(20, 24);
                (garbage[1], garbage[2], garbage[3], garbage[4]) = (254, 253, 0, 1);
                (garbage[11], garbage[12]) = ((byte)((garbage.Length - 13) >> 8), (byte)(garbage.Length - 13));
                pair.Server.HandleDatagram(pair.Now, garbage);
            }
        }

        // Shorter than nonce and tag: OpenSSL alone would give up on the connection for good.
        for (var body = 0; body < 40; body++)
        {
            byte[] record = [21, 254, 253, 0, 1, 0, 0, 0, 0, 0, 9, 0, (byte)body, .. new byte[body]];
            pair.Server.HandleDatagram(pair.Now, record);
        }

        Assert.True(pair.Server.MalformedDatagrams > 0);
        Assert.Equal(DtlsState.Connected, pair.Server.State);
        pair.Client.Close();
        pair.Exchange();
        Assert.Equal(DtlsState.Closed, pair.Server.State);
    }

    private static List<byte[]> Record()
    {
        using var pair = new DtlsPair();
        var recorded = new List<byte[]>();
        var buffer = new byte[DtlsConnection.MaximumDatagram];
        pair.Client.Start(pair.Now);
        bool moved;
        do
        {
            moved = false;
            foreach (var (from, to) in new[] { (pair.Client, pair.Server), (pair.Server, pair.Client) })
            {
                while (from.TryTransmit(buffer, out var length))
                {
                    moved = true;
                    recorded.Add(buffer[..length]);
                    to.HandleDatagram(pair.Now, buffer.AsSpan(0, length));
                }
            }
        }
        while (moved);

        // More when the machine stalls meanwhile: OpenSSL's clock is real, and it sends a flight again.
        Assert.True(recorded.Count >= 4, $"{recorded.Count} datagrams");
        return recorded;
    }

    private static byte[] Mutate(byte[] datagram, Random random)
    {
        var mutated = random.Next(4) == 0 ? datagram[..random.Next(1, datagram.Length)] : datagram.ToArray();
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
        }

        return mutated;
    }
}
