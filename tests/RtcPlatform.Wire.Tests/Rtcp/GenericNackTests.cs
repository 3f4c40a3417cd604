using RtcPlatform.TestKit;
using RtcPlatform.Wire.Rtcp;

namespace RtcPlatform.Wire.Tests.Rtcp;

public class GenericNackTests
{
    private readonly byte[] _buffer = new byte[1500];

    [Fact]
    public void Number_and_mask_give_all_missing_numbers()
    {
        Assert.Equal(
            [0xAAAA, 0xAAAB, 0xAAAD, 0xAAAF, 0xAAB1, 0xAAB3, 0xAAB5, 0xAAB7, 0xAAB9],
            Read(Hex.Decode("81cd0003 902f9e2e 902f9e2e aaaa5555")));
    }

    [Fact]
    public void Numbers_within_sixteen_share_an_entry_across_the_wrap()
    {
        int length = GenericNack.Write(_buffer, 1, 2, [65535, 0, 15, 16], out int consumed);
        Assert.Equal(4, consumed);
        Assert.Equal("81cd0004" + "00000001" + "00000002" + "ffff8001" + "00100000", Hex.Encode(_buffer.AsSpan(0, length)));
        Assert.Equal([65535, 0, 15, 16], Read(_buffer.AsSpan(0, length).ToArray()));
    }

    [Fact]
    public void Nothing_missing_writes_nothing() => Assert.Equal(0, GenericNack.Write(_buffer, 1, 2, [], out _));

    [Fact]
    public void Any_numbers_are_read_back_over_as_many_packets_as_they_need()
    {
        var random = new Random(4585);
        for (int round = 0; round < 500; round++)
        {
            ushort next = (ushort)random.Next(65536);
            var missing = new List<ushort>();
            for (int count = random.Next(1, 200); count > 0; count--)
            {
                next += (ushort)random.Next(1, random.Next(2, 40));
                missing.Add(next);
            }

            var read = new List<ushort>();
            ReadOnlySpan<ushort> rest = missing.ToArray();
            while (!rest.IsEmpty)
            {
                int length = GenericNack.Write(_buffer.AsSpan(0, random.Next(16, 100)), 1, 2, rest, out int consumed);
                Assert.True(consumed > 0);
                read.AddRange(Read(_buffer.AsSpan(0, length).ToArray()));
                rest = rest[consumed..];
            }

            Assert.Equal(missing, read);
        }
    }

    private static List<ushort> Read(byte[] compound)
    {
        var reader = new RtcpReader(compound);
        Assert.True(reader.TryReadNext(out RtcpPacketView packet));
        Assert.True(GenericNack.TryRead(packet, out GenericNack nack));
        var numbers = new List<ushort>();
        foreach (ushort number in nack)
        {
            numbers.Add(number);
        }

        return numbers;
    }
}
