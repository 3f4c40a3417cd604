using RtcPlatform.Crypto.Srtp;

namespace RtcPlatform.Crypto.Tests.Srtp;

public sealed class ReplayTests
{
    private const string OpenSsl = "OpenSsl";

    private static readonly byte[] Payload = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

    private readonly SrtpSender _sender = Packets.Sender(SrtpProfile.AeadAes128Gcm, OpenSsl);
    private readonly SrtpReceiver _receiver = new(
        SrtpProfile.AeadAes128Gcm, Packets.Secret(SrtpProfile.AeadAes128Gcm).Key, Packets.Secret(SrtpProfile.AeadAes128Gcm).Salt);

    [Fact]
    public void Duplicate_is_dropped_before_decryption()
    {
        var packet = Packets.Protect(_sender, 100, Payload);
        Assert.Equal(SrtpResult.Ok, Receive(100));
        var again = packet.ToArray();
        Assert.Equal(SrtpResult.Replayed, _receiver.TryUnprotectRtp(again, 12, out var length, out _));
        Assert.Equal(0, length);
        Assert.Equal(packet, again);

        // Even one that would not authenticate is named a replay: its tag was never computed.
        again[^1] ^= 1;
        Assert.Equal(SrtpResult.Replayed, _receiver.TryUnprotectRtp(again, 12, out _, out _));
    }

    [Fact]
    public void Each_index_in_the_window_passes_once_in_any_order_and_older_ones_never()
    {
        const ulong newest = 70_000;
        Assert.Equal(SrtpResult.Ok, Receive(40_000));
        Assert.Equal(SrtpResult.Ok, Receive(newest));
        var order = Enumerable.Range(1, SrtpReceiver.RtpWindow - 1).Select(back => newest - (ulong)back).ToArray();
        new Random(11).Shuffle(order);
        foreach (var index in order)
        {
            Assert.Equal(SrtpResult.Ok, Receive(index));
        }

        Assert.All(order, index => Assert.Equal(SrtpResult.Replayed, Receive(index)));
        Assert.Equal(SrtpResult.TooOld, Receive(newest - SrtpReceiver.RtpWindow));
        Assert.Equal(SrtpResult.TooOld, Receive(newest - 20_000));
    }

    [Fact]
    public void Random_traffic_matches_a_set_of_all_seen_indices()
    {
        var random = new Random(12);
        var seen = new HashSet<ulong>();
        ulong newest = 3_000;
        Assert.Equal(SrtpResult.Ok, Receive(newest));
        seen.Add(newest);
        for (var i = 0; i < 20_000; i++)
        {
            var index = (ulong)Math.Max(0, (long)newest + random.Next(-2_300, random.Next(10) == 0 ? 3_000 : 60));
            var expected = index + SrtpReceiver.RtpWindow <= newest ? SrtpResult.TooOld
                : seen.Contains(index) ? SrtpResult.Replayed
                : SrtpResult.Ok;
            Assert.Equal(expected, Receive(index));
            if (expected == SrtpResult.Ok)
            {
                seen.Add(index);
                newest = Math.Max(newest, index);
            }
        }

        Assert.True(newest > 1 << 17, "the rollover counter was not tried");
    }

    [Fact]
    public void A_forged_packet_moves_neither_window_nor_rollover()
    {
        Assert.Equal(SrtpResult.Ok, Receive(65_530));
        var forged = Packets.Protect(_sender, 65_536 + 20_000, Payload);
        forged[^1] ^= 1;
        Assert.Equal(SrtpResult.AuthenticationFailed, _receiver.TryUnprotectRtp(forged, 12, out _, out _));
        Assert.Equal(SrtpResult.Ok, Receive(65_529));
        Assert.Equal(SrtpResult.Ok, Receive(65_537));
        Assert.Equal(SrtpResult.Ok, Receive(65_535));
    }

    [Fact]
    public void A_packet_from_before_the_first_rollover_is_too_old()
    {
        Assert.Equal(SrtpResult.Ok, Receive(5));
        var early = Packets.Protect(_sender, 65_000, Payload);
        Assert.Equal(SrtpResult.TooOld, _receiver.TryUnprotectRtp(early, 12, out _, out _));
    }

    [Fact]
    public void Sources_are_remembered_only_when_authentic_and_are_limited()
    {
        for (uint ssrc = 1; ssrc <= 200; ssrc++)
        {
            var forged = Packets.Protect(_sender, 1, Payload, ssrc);
            forged[14] ^= 1;
            Assert.Equal(SrtpResult.AuthenticationFailed, _receiver.TryUnprotectRtp(forged, 12, out _, out _));
        }

        Assert.Equal(0, _receiver.SourceCount);
        for (uint ssrc = 1; ssrc <= SrtpReceiver.MaxSources; ssrc++)
        {
            Assert.Equal(SrtpResult.Ok, Receive(ssrc * 7, ssrc));
        }

        Assert.Equal(SrtpResult.TooManySources, Receive(1, 1000));
        for (uint ssrc = 1; ssrc <= SrtpReceiver.MaxSources; ssrc++)
        {
            Assert.Equal(SrtpResult.Replayed, Receive(ssrc * 7, ssrc));
        }

        Assert.True(_receiver.ForgetSource(3));
        Assert.False(_receiver.ForgetSource(3));
        Assert.Equal(SrtpResult.Ok, Receive(1, 1000));
        Assert.Equal(SrtpResult.Replayed, Receive(64 * 7, 64));
        Assert.Equal(SrtpResult.TooManySources, Receive(1, 3));
    }

    [Fact]
    public void Rtcp_windows_are_kept_per_sender()
    {
        byte[] First(uint ssrc, uint index)
        {
            _sender.NextRtcpIndex = index;
            var rtcp = Packets.Rtcp(ssrc, 20);
            var packet = new byte[rtcp.Length + _sender.Profile.RtcpOverhead];
            _sender.ProtectRtcp(packet, rtcp);
            return packet;
        }

        Assert.Equal(SrtpResult.Ok, _receiver.TryUnprotectRtcp(First(1, 500), out _));
        Assert.Equal(SrtpResult.Replayed, _receiver.TryUnprotectRtcp(First(1, 500), out _));
        Assert.Equal(SrtpResult.Ok, _receiver.TryUnprotectRtcp(First(2, 3), out _));
        Assert.Equal(SrtpResult.Ok, _receiver.TryUnprotectRtcp(First(1, 501 - SrtpReceiver.RtcpWindow), out _));
        Assert.Equal(SrtpResult.TooOld, _receiver.TryUnprotectRtcp(First(1, 500 - SrtpReceiver.RtcpWindow), out _));
        Assert.Equal(SrtpResult.Ok, _receiver.TryUnprotectRtcp(First(1, 0x7FFF_FFFF), out _));
        Assert.Equal(0, _sender.ProtectRtcp(new byte[100], Packets.Rtcp()));
    }

    private SrtpResult Receive(ulong index, uint ssrc = Packets.Ssrc)
    {
        var packet = Packets.Protect(_sender, index, Payload, ssrc);
        var result = _receiver.TryUnprotectRtp(packet, 12, out _, out var heard);
        Assert.True(result != SrtpResult.Ok || heard == index, $"heard {heard} for {index}");
        return result;
    }
}
