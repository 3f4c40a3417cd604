using RtcPlatform.TestKit;
using RtcPlatform.Wire.Stun;

namespace RtcPlatform.Wire.Tests.Hostile;

/// <summary>No input, however it was damaged, makes a parser throw or give a value out of its range.</summary>
public class HostileInputTests
{
    private const int MutationsPerSeed = 25_000;

    [Fact]
    public void Every_cut_of_every_valid_datagram_is_survived()
    {
        foreach (byte[] datagram in Corpus.All())
        {
            for (int length = 0; length <= datagram.Length; length++)
            {
                ReadOrTell(datagram[..length], $"cut at {length}");
            }
        }
    }

    [Fact]
    public void Every_cut_of_a_stun_message_is_refused()
    {
        foreach (byte[] message in Corpus.Stun())
        {
            for (int length = 0; length < message.Length; length++)
            {
                Assert.False(StunMessageView.TryParse(message.AsSpan(0, length), out _), $"{length} octets");
            }

            Assert.True(StunMessageView.TryParse(message, out _));
        }
    }

    [Fact]
    public void Every_octet_set_to_a_boundary_value_is_survived()
    {
        foreach (byte[] datagram in Corpus.All())
        {
            for (int position = 0; position < datagram.Length; position++)
            {
                byte[] damaged = [.. datagram];
                byte valid = datagram[position];
                foreach (byte value in (byte[])[0, 1, 0x7F, 0x80, 0xFE, 0xFF, (byte)(valid + 1), (byte)(valid - 1)])
                {
                    damaged[position] = value;
                    ReadOrTell(damaged, $"octet {position} set to {value}");
                }
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Mutated_datagrams_are_survived(int seed)
    {
        var random = new Random(seed);
        List<byte[]> corpus = Corpus.All();
        int accepted = 0;
        for (int round = 0; round < MutationsPerSeed; round++)
        {
            byte[] input = corpus[random.Next(corpus.Count)];
            for (int change = random.Next(1, 6); change > 0; change--)
            {
                input = Mutate(input, corpus, random);
            }

            accepted += ReadOrTell(input, $"seed {seed}, round {round}") > 0 ? 1 : 0;
        }

        // Mutations that never get past the first check would test nothing.
        Assert.True(accepted > MutationsPerSeed / 4, $"only {accepted} inputs were accepted by any parser");
    }

    private static byte[] Mutate(byte[] input, List<byte[]> corpus, Random random)
    {
        byte[] copy = [.. input];
        int at = random.Next(copy.Length + 1);
        switch (random.Next(8))
        {
            case 0 when at < copy.Length:
                copy[at] ^= (byte)(1 << random.Next(8));
                return copy;
            case 1 when at < copy.Length:
                copy[at] = (byte)random.Next(256);
                return copy;
            case 2:
                return copy[..at];
            case 3:
                return [.. copy[..at], .. new byte[random.Next(8)], .. copy[at..]];
            case 4:
                byte[] other = corpus[random.Next(corpus.Count)];
                return [.. copy[..at], .. other[random.Next(other.Length)..]];
            case 5 when copy.Length >= 4:
                // The length fields of STUN and RTCP made right again, so that what is behind them is reached.
                int length = copy[0] < 4 ? copy.Length - 20 : (copy.Length / 4) - 1;
                copy[2] = (byte)(length >> 8);
                copy[3] = (byte)length;
                return copy;
            case 6:
                return copy[..(copy.Length & ~3)];
            default:
                return [.. copy, .. copy[at..]];
        }
    }

    private static int ReadOrTell(byte[] input, string how)
    {
        try
        {
            return EveryParser.Read(input);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"{how}: {Hex.Encode(input)}", failure);
        }
    }
}
