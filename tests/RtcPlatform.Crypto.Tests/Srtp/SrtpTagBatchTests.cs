using RtcPlatform.Crypto.Kernels;
using RtcPlatform.Crypto.Srtp;

namespace RtcPlatform.Crypto.Tests.Srtp;

public sealed class SrtpTagBatchTests
{
    private const int LongestPacket = 1_500;

    [Theory]
    [MemberData(nameof(Kernels.Available.ProfilesAndKernels), MemberType = typeof(Kernels.Available))]
    public void Packets_whose_tags_waited_are_those_whose_tags_did_not(SrtpProfile profile, string kernel)
    {
        var random = new Random(3);
        var tags = new SrtpTagBatch();
        using var first = Packets.Sender(profile, kernel, seed: 1);
        using var second = Packets.Sender(profile, kernel, seed: 2);
        for (var count = 0; count <= 40; count++)
        {
            var room = GC.AllocateArray<byte>(count * LongestPacket, pinned: true);
            var expected = new List<byte[]>();
            for (var index = 0; index < count; index++)
            {
                var sender = index % 3 == 0 ? second : first;
                var payload = new byte[random.Next(1_200)];
                random.NextBytes(payload);
                // Past the first roll-over, so that the counter is not zero.
                var sequence = (ulong)(200_000 + (count * 40) + index);
                expected.Add(Packets.Protect(sender, sequence, payload));
                var packet = room.AsSpan(index * LongestPacket, LongestPacket);
                Packets.Header(sequence).CopyTo(packet);
                Assert.Equal(expected[^1].Length, sender.ProtectRtp(packet, 12, payload, sequence, tags));
            }

            tags.Complete();
            for (var index = 0; index < count; index++)
            {
                Assert.Equal(expected[index], room.AsSpan(index * LongestPacket, expected[index].Length));
            }
        }
    }

    [Fact]
    public void Until_then_the_tag_of_a_counter_mode_packet_is_missing()
    {
        var tags = new SrtpTagBatch();
        using var sender = Packets.Sender(SrtpProfile.Aes128CmHmacSha1_80, nameof(CipherKernel.OpenSsl));
        var expected = Packets.Protect(sender, 7, [1, 2, 3]);
        var room = GC.AllocateArray<byte>(100, pinned: true);
        Packets.Header(7).CopyTo(room, 0);
        sender.ProtectRtp(room, 12, [1, 2, 3], 7, tags);

        Assert.Equal(new byte[10], room[15..25]);
        tags.Complete();
        Assert.Equal(expected, room[..25]);
    }
}
