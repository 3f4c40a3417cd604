using RtcPlatform.TestKit;
using RtcPlatform.Wire.Stun;

namespace RtcPlatform.Wire.Tests.Stun;

public class StunMessageTests
{
    private static readonly byte[] TransactionId = Hex.Decode("0102030405060708090a0b0c");
    private static readonly byte[] Key = "a password of an agent"u8.ToArray();
    private readonly byte[] _buffer = new byte[2500];

    [Theory]
    [InlineData(StunClass.Request, StunMethod.Binding, 0x0001)]
    [InlineData(StunClass.Indication, StunMethod.Binding, 0x0011)]
    [InlineData(StunClass.Success, StunMethod.Binding, 0x0101)]
    [InlineData(StunClass.Error, StunMethod.Binding, 0x0111)]
    [InlineData(StunClass.Success, StunMethod.ChannelBind, 0x0109)]
    [InlineData(StunClass.Error, (StunMethod)0xFFF, 0x3FFF)]
    [InlineData(StunClass.Request, (StunMethod)0x0F0, 0x02E0)]
    public void Class_and_method_share_the_type_field(StunClass kind, StunMethod method, int type)
    {
        var writer = new StunMessageWriter(_buffer, kind, method, TransactionId);
        Span<byte> message = _buffer.AsSpan(0, writer.Finish());
        Assert.Equal(type, (message[0] << 8) | message[1]);
        Assert.True(StunMessageView.TryParse(message, out StunMessageView view));
        Assert.Equal(kind, view.Class);
        Assert.Equal(method, view.Method);
    }

    [Fact]
    public void Ice_check_is_read_back()
    {
        var writer = new StunMessageWriter(_buffer, StunClass.Request, StunMethod.Binding, TransactionId);
        writer.AddUsername("server:client"u8);
        writer.AddIceControlling(0x1122334455667788);
        writer.AddUseCandidate();
        writer.AddPriority(42);
        writer.AddMessageIntegrity(Key);
        writer.AddFingerprint();
        Assert.True(StunMessageView.TryParse(_buffer.AsSpan(0, writer.Finish()), out StunMessageView view));
        Assert.True(view.UseCandidate);
        Assert.True(view.TryGetIceControlling(out ulong tieBreaker));
        Assert.Equal(0x1122334455667788UL, tieBreaker);
        Assert.True(view.VerifyIntegrity(Key));
        Assert.True(view.VerifyFingerprint());
        Assert.False(view.HasIntegritySha256);
    }

    [Fact]
    public void Error_and_its_unknown_attributes_are_read_back()
    {
        var writer = new StunMessageWriter(_buffer, StunClass.Error, StunMethod.Binding, TransactionId);
        writer.AddErrorCode(StunErrorCode.UnknownAttribute, "Unknown Attribute");
        writer.AddUnknownAttributes([0x0003, 0x7FFF, 0x0026]);
        Assert.True(StunMessageView.TryParse(_buffer.AsSpan(0, writer.Finish()), out StunMessageView view));
        Assert.True(view.TryGetErrorCode(out int code, out ReadOnlySpan<byte> reason));
        Assert.Equal(420, code);
        Assert.True(reason.SequenceEqual("Unknown Attribute"u8));
        Assert.True(view.TryGetAttribute(StunAttributeType.UnknownAttributes, out ReadOnlySpan<byte> types));
        Assert.Equal(Hex.Decode("00037fff0026"), types);
    }

    [Fact]
    public void Unknown_attributes_below_8000_are_found_and_those_above_pass()
    {
        var writer = new StunMessageWriter(_buffer, StunClass.Request, StunMethod.Binding, TransactionId);
        writer.Add((StunAttributeType)0xC057, [1, 2, 3, 4]);
        writer.Add((StunAttributeType)0x7001, []);
        writer.AddUsername("a:b");
        writer.Add((StunAttributeType)0x0003, [0, 0, 0, 6]);
        Assert.True(StunMessageView.TryParse(_buffer.AsSpan(0, writer.Finish()), out StunMessageView view));
        ushort[] types = new ushort[4];
        Assert.Equal(2, view.FindUnknownRequired(types));
        Assert.Equal([0x7001, 0x0003, 0, 0], types);
        Assert.Equal(1, view.FindUnknownRequired(types.AsSpan(0, 1)));
    }

    [Fact]
    public void Attributes_behind_the_integrity_are_not_believed()
    {
        var writer = new StunMessageWriter(_buffer, StunClass.Request, StunMethod.Binding, TransactionId);
        writer.AddMessageIntegrity(Key);
        writer.AddUseCandidate();
        writer.AddFingerprint();
        Assert.True(StunMessageView.TryParse(_buffer.AsSpan(0, writer.Finish()), out StunMessageView view));
        Assert.True(view.VerifyIntegrity(Key));
        Assert.False(view.UseCandidate);
    }

    [Fact]
    public void Both_integrity_attributes_are_verified_side_by_side()
    {
        var writer = new StunMessageWriter(_buffer, StunClass.Request, StunMethod.Binding, TransactionId);
        writer.AddUsername("a:b");
        writer.AddMessageIntegrity(Key);
        writer.AddMessageIntegritySha256(Key);
        writer.AddFingerprint();
        Assert.True(StunMessageView.TryParse(_buffer.AsSpan(0, writer.Finish()), out StunMessageView view));
        Assert.True(view.VerifyIntegrity(Key));
        Assert.True(view.VerifyIntegritySha256(Key));
        Assert.True(view.VerifyFingerprint());
    }

    [Fact]
    public void Message_too_long_to_hash_is_not_authentic()
    {
        var writer = new StunMessageWriter(_buffer, StunClass.Request, StunMethod.Binding, TransactionId);
        writer.Add(StunAttributeType.Software, new byte[StunIntegrity.MaxMessageLength]);
        writer.AddMessageIntegrity(Key);
        Assert.True(StunMessageView.TryParse(_buffer.AsSpan(0, writer.Finish()), out StunMessageView view));
        Assert.False(view.VerifyIntegrity(Key));
    }

    [Theory]
    [InlineData("0001 0000 2112a442 0102030405060708090a0b", "19 octets")]
    [InlineData("0001 0000 2112a443 0102030405060708090a0b0c", "wrong cookie")]
    [InlineData("4001 0000 2112a442 0102030405060708090a0b0c", "not two zero bits")]
    [InlineData("0001 0004 2112a442 0102030405060708090a0b0c", "length too long")]
    [InlineData("0001 0000 2112a442 0102030405060708090a0b0c 80220000", "length too short")]
    [InlineData("0001 0002 2112a442 0102030405060708090a0b0c 8022", "not whole words")]
    [InlineData("0001 0004 2112a442 0102030405060708090a0b0c 80220001", "value missing")]
    [InlineData("0001 0008 2112a442 0102030405060708090a0b0c 8022ffff 00000000", "value overruns")]
    [InlineData("0001 0008 2112a442 0102030405060708090a0b0c 00080004 00000000", "integrity of 4 octets")]
    [InlineData("0001 0010 2112a442 0102030405060708090a0b0c 001c000c 000000000000000000000000", "SHA-256 of 12 octets")]
    [InlineData("0001 000c 2112a442 0102030405060708090a0b0c 80280008 0000000000000000", "fingerprint of 8 octets")]
    [InlineData("0001 000c 2112a442 0102030405060708090a0b0c 80280004 00000000 80220000", "fingerprint not last")]
    public void Malformed_message_is_refused(string message, string why) =>
        Assert.False(StunMessageView.TryParse(Hex.Decode(message), out _), why);

    [Theory]
    [InlineData("0004 00000263", 0)] // 299.
    [InlineData("0004 00000300", 300)]
    [InlineData("0004 00000663", 699)]
    [InlineData("0004 00000464", 0)] // 4 and 100.
    [InlineData("0004 00000700", 0)]
    [InlineData("0003 00000400", 0)] // Too short.
    public void Error_code_is_there_from_300_to_699(string attribute, int expected)
    {
        byte[] message = Hex.Decode("0111 0008 2112a442 0102030405060708090a0b0c 0009" + attribute);
        Assert.True(StunMessageView.TryParse(message, out StunMessageView view));
        Assert.Equal(expected != 0, view.TryGetErrorCode(out int code, out _));
        Assert.Equal(expected, code);
    }

    [Theory]
    [InlineData("00010000e112a643", true)]
    [InlineData("00020000e112a643", false)] // IPv6 of four octets.
    [InlineData("00030000e112a643", false)]
    [InlineData("0001000000", false)]
    public void Address_is_there_when_family_and_size_agree(string value, bool expected)
    {
        var writer = new StunMessageWriter(_buffer, StunClass.Success, StunMethod.Binding, TransactionId);
        writer.Add(StunAttributeType.XorMappedAddress, Hex.Decode(value));
        Assert.True(StunMessageView.TryParse(_buffer.AsSpan(0, writer.Finish()), out StunMessageView view));
        Assert.Equal(expected, view.TryGetXorMappedAddress(out _));
    }
}
