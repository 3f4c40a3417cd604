using RtcPlatform.Crypto.Srtp;

namespace RtcPlatform.Crypto.Tests.Srtp;

public sealed class PacketTests
{
    [Theory]
    [MemberData(nameof(Kernels.Available.ProfilesAndKernels), MemberType = typeof(Kernels.Available))]
    public void The_shared_payload_is_not_changed_and_every_changed_byte_is_refused(SrtpProfile profile, string kernel)
    {
        using var sender = Packets.Sender(profile, kernel);
        var payload = Enumerable.Range(0, 300).Select(i => (byte)i).ToArray();
        var shared = payload.ToArray();
        var packet = Packets.Protect(sender, 70_000, shared, extensionWords: 2);
        Assert.Equal(payload, shared);
        Assert.NotEqual(payload, packet[24..324]);
        using var receiver = Packets.Receiver(profile, kernel);
        Assert.Equal(SrtpResult.AuthenticationFailed, receiver.TryUnprotectRtp(packet.ToArray(), 24, out _, out _));
        Assert.Equal(0, receiver.SourceCount);

        packet = Packets.Protect(sender, 4_000, shared, extensionWords: 2);
        for (var at = 0; at < packet.Length; at++)
        {
            var bad = packet.ToArray();
            bad[at] ^= 0x40;
            var changed = bad.ToArray();
            Assert.Equal(SrtpResult.AuthenticationFailed, receiver.TryUnprotectRtp(bad, 24, out var none, out _));
            Assert.Equal(0, none);
            Assert.True(bad.AsSpan().SequenceEqual(changed), $"refused yet changed: byte {at}");
        }

        Assert.Equal(SrtpResult.Ok, receiver.TryUnprotectRtp(packet, 24, out var length, out _));
        Assert.Equal(payload, packet[24..length]);
    }

    [Theory]
    [MemberData(nameof(Kernels.Available.ProfilesAndKernels), MemberType = typeof(Kernels.Available))]
    public void Rtcp_returns_whole_and_every_changed_byte_is_refused(SrtpProfile profile, string kernel)
    {
        using var sender = Packets.Sender(profile, kernel);
        using var receiver = Packets.Receiver(profile, kernel);
        for (var filler = 0; filler < 200; filler += 4)
        {
            var rtcp = Packets.Rtcp(filler: filler);
            var packet = new byte[rtcp.Length + profile.RtcpOverhead];
            Assert.Equal(packet.Length, sender.ProtectRtcp(packet, rtcp));
            for (var at = 0; at < packet.Length; at++)
            {
                var bad = packet.ToArray();
                bad[at] ^= 1;
                var changed = bad.ToArray();
                Assert.NotEqual(SrtpResult.Ok, receiver.TryUnprotectRtcp(bad, out _));
                Assert.True(bad.AsSpan().SequenceEqual(changed), $"refused yet changed: byte {at}");
            }

            Assert.Equal(SrtpResult.Ok, receiver.TryUnprotectRtcp(packet, out var length));
            Assert.Equal(rtcp, packet[..length]);
        }
    }

    [Theory]
    [MemberData(nameof(Kernels.Available.ProfilesAndKernels), MemberType = typeof(Kernels.Available))]
    public void Every_truncation_is_refused(SrtpProfile profile, string kernel)
    {
        using var sender = Packets.Sender(profile, kernel);
        using var receiver = Packets.Receiver(profile, kernel);
        var rtp = Packets.Protect(sender, 1, new byte[20], extensionWords: 1);
        for (var length = 0; length < rtp.Length; length++)
        {
            var expected = length < 20 + profile.TagLength ? SrtpResult.TooShort : SrtpResult.AuthenticationFailed;
            Assert.Equal(expected, receiver.TryUnprotectRtp(rtp.AsSpan(0, length).ToArray(), 20, out _, out _));
        }

        var clear = Packets.Rtcp(filler: 16);
        var rtcp = new byte[clear.Length + profile.RtcpOverhead];
        sender.ProtectRtcp(rtcp, clear);
        for (var length = 0; length < rtcp.Length; length++)
        {
            Assert.NotEqual(SrtpResult.Ok, receiver.TryUnprotectRtcp(rtcp.AsSpan(0, length).ToArray(), out _));
        }

        Assert.Equal(SrtpResult.TooShort, receiver.TryUnprotectRtcp(rtcp.AsSpan(0, 11 + profile.TagLength).ToArray(), out _));
    }

    [Theory]
    [MemberData(nameof(Kernels.Available.ProfilesAndKernels), MemberType = typeof(Kernels.Available))]
    public void No_byte_is_allocated_per_packet(SrtpProfile profile, string kernel)
    {
        using var sender = Packets.Sender(profile, kernel);
        using var receiver = Packets.Receiver(profile, kernel);
        var payload = new byte[1100];
        var packet = new byte[1500];
        var rtcp = Packets.Rtcp(filler: 44);
        Packets.Header(0, extensionWords: 2).CopyTo(packet, 0);
        long before = 0;
        for (uint i = 1; i <= 3_000; i++)
        {
            if (i == 1_000)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            packet[2] = (byte)(i >> 8);
            packet[3] = (byte)i;
            var length = sender.ProtectRtp(packet, 24, payload, i);
            var result = receiver.TryUnprotectRtp(packet.AsSpan(0, length), 24, out _, out _);
            var replay = receiver.TryUnprotectRtp(packet.AsSpan(0, length), 24, out _, out _);
            length = sender.ProtectRtcp(packet.AsSpan(24), rtcp);
            var control = receiver.TryUnprotectRtcp(packet.AsSpan(24, length), out _);
            if (result != SrtpResult.Ok || replay != SrtpResult.Replayed || control != SrtpResult.Ok)
            {
                Assert.Fail($"packet {i}: {result}, {replay}, {control}");
            }
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_small_destination_is_the_callers_mistake()
    {
        using var sender = Packets.Sender(SrtpProfile.AeadAes128Gcm, "OpenSsl");
        Assert.Throws<ArgumentException>(() => sender.ProtectRtp(new byte[37], 12, new byte[10], 1));
        Assert.Throws<ArgumentException>(() => sender.ProtectRtp(new byte[100], 11, new byte[10], 1));
        Assert.Throws<ArgumentException>(() => sender.ProtectRtcp(new byte[27], new byte[8]));
        Assert.Throws<ArgumentException>(() => sender.ProtectRtcp(new byte[100], new byte[7]));
        Assert.Throws<ArgumentException>(() => new SrtpSender(SrtpProfile.AeadAes128Gcm, new byte[15], new byte[12]));
        Assert.Throws<ArgumentException>(() => new SrtpReceiver((SrtpProfile)2, new byte[16], new byte[14]));
        Assert.Throws<ArgumentException>(() => new SrtpKeyMaterial(SrtpProfile.AeadAes128Gcm, new byte[60]));
    }

    [Fact]
    public void No_secret_stands_in_text()
    {
        var exported = Enumerable.Range(1, 56).Select(i => (byte)i).ToArray();
        using var keys = new SrtpKeyMaterial(SrtpProfile.AeadAes128Gcm, exported);
        using var sender = keys.CreateSender(localIsClient: true);
        using var receiver = keys.CreateReceiver(localIsClient: true);
        Assert.Equal("SrtpKeyMaterial(AeadAes128Gcm)", keys.ToString());
        Assert.Equal("SrtpSender(AeadAes128Gcm)", sender.ToString());
        Assert.Equal("SrtpReceiver(AeadAes128Gcm, 0 sources)", receiver.ToString());
        keys.Dispose();
        Assert.False(keys.ServerKey.ContainsAnyExcept((byte)0));
    }
}
