using RtcPlatform.TestKit;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Wire.Tests.Rtp;

public class RtpHeaderWriterTests
{
    private readonly byte[] _buffer = new byte[1500];

    [Fact]
    public void Header_without_extensions_has_twelve_octets()
    {
        var writer = new RtpHeaderWriter(_buffer);
        writer.WriteFixed(111, marker: true, 0xFFFE, 0x11223344, 0xCAFEBABE);
        Assert.Equal("80effffe11223344cafebabe", Hex.Encode(_buffer.AsSpan(0, writer.Finish())));
    }

    [Fact]
    public void Small_elements_go_out_in_the_one_byte_form()
    {
        var writer = new RtpHeaderWriter(_buffer);
        writer.WriteFixed(96, marker: false, 1, 2, 3, padding: true);
        writer.AddExtension(14, [0xAA]);
        int patchable = writer.AddExtension(2, [1, 2, 3]);
        Assert.Equal(
            "b06000010000000200000003" + "bede0002" + "e0aa" + "22010203" + "0000",
            Hex.Encode(_buffer.AsSpan(0, writer.Finish())));
        Assert.Equal(1, _buffer[patchable]);
    }

    [Theory]
    [InlineData(15, 1)]
    [InlineData(200, 3)]
    [InlineData(4, 17)]
    [InlineData(4, 0)]
    [InlineData(4, 255)]
    public void One_large_element_turns_the_block_into_the_two_byte_form(byte id, int length)
    {
        byte[] value = [.. Enumerable.Range(1, length).Select(octet => (byte)octet)];
        var writer = new RtpHeaderWriter(_buffer);
        writer.WriteFixed(96, marker: false, 1, 2, 3);
        writer.AddExtension(1, [0xA1]);
        writer.AddExtension(2, new byte[16]);
        writer.AddExtension(id, value);
        writer.AddExtension(3, [0xA3, 0xA4]);
        int headerLength = writer.Finish();

        Assert.Equal(0, headerLength % 4);
        Assert.True(RtpPacketView.TryReadHeader(_buffer.AsSpan(0, headerLength), out RtpHeader header));
        Assert.Equal(headerLength, header.HeaderLength);
        Assert.Equal(0x1000, header.ExtensionProfile);
        Assert.True(header.TryGetExtension(_buffer, 1, out ReadOnlySpan<byte> first));
        Assert.Equal(Hex.Decode("a1"), first);
        Assert.True(header.TryGetExtension(_buffer, 2, out ReadOnlySpan<byte> second));
        Assert.Equal(new byte[16], second);
        Assert.True(header.TryGetExtension(_buffer, id, out ReadOnlySpan<byte> large));
        Assert.Equal(value, large);
        Assert.True(header.TryGetExtension(_buffer, 3, out ReadOnlySpan<byte> third));
        Assert.Equal(Hex.Decode("a3a4"), third);
    }

    [Fact]
    public void Any_set_of_elements_is_read_back()
    {
        var random = new Random(8285);
        for (int round = 0; round < 2000; round++)
        {
            int count = random.Next(0, 10);
            byte highestId = random.Next(2) == 0 ? (byte)14 : (byte)255;
            int longest = random.Next(2) == 0 ? 16 : 60;
            byte[] ids = [.. Enumerable.Range(1, highestId).Select(id => (byte)id)];
            random.Shuffle(ids);
            byte[][] values = new byte[count][];
            _buffer.AsSpan().Fill(0xEE);
            var writer = new RtpHeaderWriter(_buffer);
            writer.WriteFixed(96, marker: false, (ushort)round, 2, 3);
            for (int index = 0; index < count; index++)
            {
                values[index] = new byte[random.Next(longest == 16 ? 1 : 0, longest + 1)];
                random.NextBytes(values[index]);
                int start = writer.AddExtension(ids[index], values[index]);
                Assert.Equal(values[index], _buffer.AsSpan(start, values[index].Length));
            }

            int length = writer.Finish();
            Assert.True(RtpPacketView.TryParse(_buffer.AsSpan(0, length), out RtpPacketView view));
            Assert.Equal(length, view.HeaderLength);
            RtpExtensionReader reader = view.Extensions;
            for (int index = 0; index < count; index++)
            {
                Assert.True(reader.MoveNext(), $"round {round}");
                Assert.Equal(ids[index], reader.Id);
                Assert.Equal(values[index], reader.Value);
            }

            Assert.False(reader.MoveNext());
        }
    }

    [Fact]
    public void Element_that_no_form_can_hold_is_the_callers_error()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RtpHeaderWriter(_buffer).AddExtension(0, [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RtpHeaderWriter(_buffer).AddExtension(1, new byte[256]));
    }
}
