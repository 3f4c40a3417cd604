using RtcPlatform.Crypto.Srtp;

namespace RtcPlatform.Crypto.Tests.Srtp;

/// <summary>libsrtp2 reads what we write and we read what it writes, over two rollovers.</summary>
public sealed class LibSrtpTests
{
    /// <summary>Steps below 2^15, so that both sides guess the rollover counter; crosses 65,536 twice.</summary>
    private static IEnumerable<ulong> Indices
    {
        get
        {
            for (ulong index = 100; index < 150_000; index += index % 65_536 is > 65_000 or < 200 ? 1UL : 173)
            {
                yield return index;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels.Available.ProfilesAndKernels), MemberType = typeof(Kernels.Available))]
    public void It_opens_our_rtp(SrtpProfile profile, string kernel)
    {
        var (key, salt) = Packets.Secret(profile);
        using var theirs = new LibSrtp(profile, key, salt, outbound: false);
        using var ours = Packets.Sender(profile, kernel);
        var random = new Random(21);
        foreach (var index in Indices)
        {
            var payload = new byte[random.Next(0, 1200)];
            random.NextBytes(payload);
            var words = random.Next(-1, 8);
            var clear = theirs.Unprotect(Packets.Protect(ours, index, payload, extensionWords: words), rtcp: false);
            Assert.NotNull(clear);
            Assert.True(clear.AsSpan().SequenceEqual([.. Packets.Header(index, extensionWords: words), .. payload]), $"index {index}");
        }
    }

    [Theory]
    [MemberData(nameof(Kernels.Available.ProfilesAndKernels), MemberType = typeof(Kernels.Available))]
    public void We_open_its_rtp(SrtpProfile profile, string kernel)
    {
        var (key, salt) = Packets.Secret(profile);
        using var theirs = new LibSrtp(profile, key, salt, outbound: true);
        using var ours = Packets.Receiver(profile, kernel);
        var random = new Random(22);
        foreach (var index in Indices)
        {
            var payload = new byte[random.Next(0, 1200)];
            random.NextBytes(payload);
            var header = Packets.Header(index, extensionWords: random.Next(-1, 8));
            byte[] clear = [.. header, .. payload];
            var packet = theirs.Protect(clear, rtcp: false);
            Assert.Equal(SrtpResult.Ok, ours.TryUnprotectRtp(packet, header.Length, out var length, out var heard));
            Assert.Equal(index, heard);
            Assert.True(packet.AsSpan(0, length).SequenceEqual(clear), $"index {index}");
        }
    }

    [Theory]
    [MemberData(nameof(Kernels.Available.ProfilesAndKernels), MemberType = typeof(Kernels.Available))]
    public void Rtcp_passes_both_ways(SrtpProfile profile, string kernel)
    {
        var (key, salt) = Packets.Secret(profile);
        using var reader = new LibSrtp(profile, key, salt, outbound: false);
        using var writer = new LibSrtp(profile, key, salt, outbound: true);
        using var sender = Packets.Sender(profile, kernel);
        using var receiver = Packets.Receiver(profile, kernel);
        for (var round = 0; round < 300; round++)
        {
            var rtcp = Packets.Rtcp((uint)(round % 3), round * 4);
            var packet = new byte[rtcp.Length + profile.RtcpOverhead];
            sender.ProtectRtcp(packet, rtcp);
            Assert.Equal(rtcp, reader.Unprotect(packet, rtcp: true));

            var theirs = writer.Protect(rtcp, rtcp: true);
            Assert.Equal(SrtpResult.Ok, receiver.TryUnprotectRtcp(theirs, out var length));
            Assert.Equal(rtcp, theirs[..length]);
        }
    }
}
