using RtcPlatform.TestKit;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Wire.Tests.Rtp;

public class RtpPacketViewTests
{
    // Marker, payload type 96, two CSRC, one-byte extensions 1 (1 octet) and 3 (3 octets), 3 octets of payload, 2 of padding.
    private const string Full = "b2e0 1234 01020304 aabbccdd 00000001 00000002 bede0002 10ff 32 a1a2a3 0000 706162 0002";

    [Fact]
    public void All_fields_of_a_full_packet_are_read()
    {
        byte[] packet = Hex.Decode(Full);
        Assert.True(RtpPacketView.TryParse(packet, out RtpPacketView view));
        Assert.Equal(96, view.PayloadType);
        Assert.True(view.Marker);
        Assert.Equal(0x1234, view.SequenceNumber);
        Assert.Equal(0x01020304u, view.Timestamp);
        Assert.Equal(0xAABBCCDDu, view.Ssrc);
        Assert.Equal(32, view.HeaderLength);
        Assert.Equal(2, view.PaddingLength);
        Assert.Equal(Hex.Decode("706162"), view.Payload);
        Assert.Equal(2, view.Header.CsrcCount);

        Assert.Equal(96, RtpPacket.PeekPayloadType(packet));
        Assert.True(RtpPacket.PeekMarker(packet));
        Assert.Equal(0x1234, RtpPacket.PeekSequenceNumber(packet));
        Assert.Equal(0x01020304u, RtpPacket.PeekTimestamp(packet));
        Assert.Equal(0xAABBCCDDu, RtpPacket.PeekSsrc(packet));
    }

    [Fact]
    public void One_byte_extensions_are_found_by_id()
    {
        Assert.True(RtpPacketView.TryParse(Hex.Decode(Full), out RtpPacketView view));
        Assert.True(view.TryGetExtension(1, out ReadOnlySpan<byte> first));
        Assert.Equal(Hex.Decode("ff"), first);
        Assert.True(view.TryGetExtension(3, out ReadOnlySpan<byte> third));
        Assert.Equal(Hex.Decode("a1a2a3"), third);
        Assert.False(view.TryGetExtension(2, out _));
        Assert.False(view.TryGetExtension(0, out _));
    }

    [Theory]
    [InlineData("1000")]
    [InlineData("100f")]
    public void Two_byte_extensions_are_found_with_any_appbits(string profile)
    {
        byte[] packet = Hex.Decode($"9060 0001 00000000 00000001 {profile}0003 14 00 00 15 02 b1b2 00 ff 02 c1c2 55");
        Assert.True(RtpPacketView.TryParse(packet, out RtpPacketView view));
        Assert.True(view.TryGetExtension(0x14, out ReadOnlySpan<byte> empty));
        Assert.True(empty.IsEmpty);
        Assert.True(view.TryGetExtension(0x15, out ReadOnlySpan<byte> two));
        Assert.Equal(Hex.Decode("b1b2"), two);
        Assert.True(view.TryGetExtension(0xFF, out ReadOnlySpan<byte> last));
        Assert.Equal(Hex.Decode("c1c2"), last);
        Assert.Equal(Hex.Decode("55"), view.Payload);
    }

    [Theory]
    [InlineData("beee0001 10ff0000", 1, false)] // A profile of nobody has no elements.
    [InlineData("bede0001 f010ff00", 1, false)] // Id 15 stops the processing (RFC 8285 section 4.2).
    [InlineData("bede0001 10ff3faa", 3, false)] // The element does not fit into the block.
    [InlineData("bede0001 10ff3faa", 1, true)]
    [InlineData("bede0001 000010ff", 1, true)] // Padding may stand in front.
    [InlineData("10000001 000000 01", 1, false)] // The two-byte element has no length.
    [InlineData("bede0000", 1, false)]
    public void Odd_blocks_give_what_is_whole_in_them(string block, byte id, bool found)
    {
        byte[] packet = Hex.Decode($"9060 0001 00000000 00000001 {block}");
        Assert.True(RtpPacketView.TryParse(packet, out RtpPacketView view));
        Assert.Equal(found, view.TryGetExtension(id, out _));
        Assert.True(view.Payload.IsEmpty);
    }

    [Theory]
    [InlineData("")]
    [InlineData("8060 0001 00000000 000000")] // 11 octets.
    [InlineData("4060 0001 00000000 00000001")] // Version 1.
    [InlineData("c060 0001 00000000 00000001")] // Version 3.
    [InlineData("8160 0001 00000000 00000001")] // CSRC missing.
    [InlineData("9060 0001 00000000 00000001 bede")] // Extension header cut.
    [InlineData("9060 0001 00000000 00000001 bede0001 1000")] // Extension cut.
    public void Header_that_does_not_fit_is_refused(string packet)
    {
        Assert.False(RtpPacketView.TryParse(Hex.Decode(packet), out _));
        Assert.False(RtpPacketView.TryReadHeader(Hex.Decode(packet), out _));
    }

    [Theory]
    [InlineData("a060 0001 00000000 00000001")] // Padding announced, nothing there.
    [InlineData("a060 0001 00000000 00000001 00")] // Zero octets of padding.
    [InlineData("a060 0001 00000000 00000001 7003")] // More padding than payload.
    public void Padding_that_does_not_fit_is_refused_once_decrypted(string packet)
    {
        Assert.False(RtpPacketView.TryParse(Hex.Decode(packet), out _));
        Assert.True(RtpPacketView.TryReadHeader(Hex.Decode(packet), out RtpHeader header));
        Assert.True(header.HasPadding);
    }

    [Fact]
    public void Packet_of_padding_alone_has_an_empty_payload()
    {
        Assert.True(RtpPacketView.TryParse(Hex.Decode("a060 0001 00000000 00000001 000003"), out RtpPacketView view));
        Assert.True(view.Payload.IsEmpty);
        Assert.Equal(3, view.PaddingLength);
    }

    [Fact]
    public void Every_cut_in_the_header_is_refused()
    {
        byte[] packet = Hex.Decode(Full);
        for (int length = 0; length < 32; length++)
        {
            Assert.False(RtpPacketView.TryReadHeader(packet.AsSpan(0, length), out _), $"{length} octets");
        }
    }
}
