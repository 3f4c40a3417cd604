using RtcPlatform.TestKit;
using RtcPlatform.Wire.Extensions;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.Wire.Tests.Extensions;

public class ExtensionValueTests
{
    [Theory]
    [InlineData(0, 0x000000u)]
    [InlineData(1000, 0x040000u)]
    [InlineData(500, 0x020000u)]
    [InlineData(64_000, 0x000000u)]
    [InlineData(63_750, 0xFF0000u)]
    public void Send_time_counts_18_bit_fractions_and_wraps_after_64_seconds(long milliseconds, uint expected)
    {
        uint units = AbsSendTime.FromTime(MonoTime.FromMilliseconds(milliseconds));
        Assert.Equal(expected, units);
        byte[] value = new byte[AbsSendTime.Length];
        AbsSendTime.Write(value, units);
        Assert.True(AbsSendTime.TryRead(value, out uint read));
        Assert.Equal(units, read);
    }

    [Theory]
    [InlineData(0x040000u, 0x000000u, 1000)]
    [InlineData(0x000000u, 0xFC0000u, 1000)]
    [InlineData(0xFC0000u, 0x000000u, -1000)]
    public void Send_times_differ_by_the_shorter_way_round(uint later, uint earlier, long milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), AbsSendTime.Difference(later, earlier));

    [Theory]
    [InlineData("00", false, 0)]
    [InlineData("ff", true, 127)]
    [InlineData("9e", true, 30)]
    [InlineData("1e00", false, 30)]
    public void Audio_level_is_read_and_written(string text, bool voice, byte level)
    {
        byte[] value = Hex.Decode(text);
        Assert.True(AudioLevel.TryRead(value, out AudioLevel read));
        Assert.Equal(new AudioLevel(voice, level), read);
        byte[] written = new byte[1];
        read.Write(written);
        Assert.Equal(value[0], written[0]);
    }

    [Fact]
    public void Values_of_the_wrong_size_are_refused()
    {
        Assert.False(AudioLevel.TryRead([], out AudioLevel level));
        Assert.Equal(127, level.Level);
        Assert.False(AbsSendTime.TryRead([1, 2], out _));
        Assert.False(TransportCcSequence.TryRead([1], out _));
        Assert.True(TransportCcSequence.TryRead([1, 2], out ushort sequence));
        Assert.Equal(0x0102, sequence);
        Assert.False(DependencyDescriptor.TryRead([0x80, 1], out _));
    }

    [Fact]
    public void Dependency_descriptor_gives_its_mandatory_fields()
    {
        Assert.True(DependencyDescriptor.TryRead(Hex.Decode("c5 1234 c0"), out DependencyDescriptor descriptor));
        Assert.True(descriptor.StartOfFrame);
        Assert.True(descriptor.EndOfFrame);
        Assert.Equal(5, descriptor.TemplateId);
        Assert.Equal(0x1234, descriptor.FrameNumber);
        Assert.True(descriptor.HasStructure);
        Assert.True(descriptor.HasActiveDecodeTargets);
        Assert.False(descriptor.HasCustomChains);
    }

    [Theory]
    [InlineData("0", true, true)]
    [InlineData("hi-lo_1", true, true)]
    [InlineData("a.b!", true, false)]
    [InlineData("", false, false)]
    [InlineData("with space", false, false)]
    [InlineData("seventeen-letters", false, false)]
    [InlineData("sixteen-letters-", true, true)]
    [InlineData("ümlaut", false, false)]
    public void Labels_hold_what_their_rfcs_permit(string text, bool mid, bool rid)
    {
        Assert.Equal(mid, StreamLabel.IsMid(text));
        Assert.Equal(rid, StreamLabel.IsRid(text));
    }

    [Fact]
    public void Labels_match_without_their_padding()
    {
        Assert.True(StreamLabel.Matches("hi"u8, "hi"));
        Assert.True(StreamLabel.Matches("hi\0\0"u8, "hi"));
        Assert.False(StreamLabel.Matches("HI"u8, "hi"));
        Assert.False(StreamLabel.Matches("hi2"u8, "hi"));
    }
}
