using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RtcPlatform.MediaClient.Streams;

namespace RtcPlatform.LoadGenerator.Tests.Streams;

public sealed class LaneChecksumTests
{
    private const uint Polynomial = 0x82F6_3B78;

    /// <summary>RFC 3720 appendix B.4 has more; this is the check value that catalogues give for CRC-32C.</summary>
    [Fact]
    public void The_slow_sum_that_it_is_held_against_is_CRC_32C() =>
        Assert.Equal(0xE306_9283, ~Crc(~0u, Encoding.ASCII.GetBytes("123456789")));

    [Fact]
    public void It_is_what_its_definition_says_at_every_length()
    {
        var random = new Random(4711);
        for (int length = 0; length < 200; length++)
        {
            byte[] data = new byte[length];
            random.NextBytes(data);
            Assert.Equal(ByDefinition(data), LaneChecksum.Compute(data));
        }
    }

    [Fact]
    public void A_burst_of_up_to_32_bits_inside_a_word_changes_it() =>
        Prop.ForAll((uint burst, ushort word, byte shift) =>
        {
            byte[] data = new byte[96];
            new Random(word).NextBytes(data);
            uint before = LaneChecksum.Compute(data);
            ulong flipped = (ulong)burst << (shift % 33);
            BitConverter.GetBytes(flipped).Select((octet, i) => (octet, i)).ToList()
                .ForEach(f => data[((word % 12) * 8) + f.i] ^= f.octet);
            return (LaneChecksum.Compute(data) == before) == (burst == 0);
        }).QuickCheckThrowOnFailure();

    /// <summary>Word n of all full groups of four goes to lane n mod 4, the rest to the first lane; then the lanes in turn.</summary>
    private static uint ByDefinition(byte[] data)
    {
        uint[] lanes = [~0u, ~1u, ~2u, ~3u];
        int whole = data.Length / 32 * 32;
        for (int at = 0; at < whole; at += 8)
        {
            int lane = at / 8 % 4;
            lanes[lane] = Crc(lanes[lane], data[at..(at + 8)]);
        }

        lanes[0] = Crc(lanes[0], data[whole..]);
        uint joined = Crc(lanes[0], [.. BitConverter.GetBytes(lanes[1]), .. BitConverter.GetBytes(lanes[2])]);
        return Crc(joined, BitConverter.GetBytes(lanes[3]));
    }

    private static uint Crc(uint sum, byte[] data)
    {
        foreach (byte octet in data)
        {
            sum ^= octet;
            for (int bit = 0; bit < 8; bit++)
            {
                sum = (sum >> 1) ^ ((sum & 1) * Polynomial);
            }
        }

        return sum;
    }
}
