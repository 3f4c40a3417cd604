using System.Globalization;
using System.Net;
using System.Text.Json;
using RtcPlatform.TestKit;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Stun;

namespace RtcPlatform.Wire.Tests.Stun;

/// <summary>Every message printed in RFC 5769 and RFC 8489 appendix B, read and written.</summary>
public class StunVectorTests
{
    public static TheoryData<string, string> All()
    {
        var data = new TheoryData<string, string>();
        foreach (string file in (string[])["rfc5769/stun.json", "rfc8489/stun.json"])
        {
            foreach (JsonElement vector in Vectors.Load(file).GetProperty("vectors").EnumerateArray())
            {
                data.Add(file, vector.Text("id"));
            }
        }

        return data;
    }

    [Theory, MemberData(nameof(All))]
    public void Vector_is_read_attribute_by_attribute(string file, string id)
    {
        JsonElement vector = Find(file, id);
        Assert.True(StunMessageView.TryParse(vector.Octets("message_hex"), out StunMessageView view));
        Assert.Equal(StunMethod.Binding, view.Method);
        Assert.Equal(vector.Text("message_type_hex") == "0001" ? StunClass.Request : StunClass.Success, view.Class);
        Assert.Equal(vector.Octets("transaction_id_hex"), view.TransactionId);

        StunAttributeReader reader = view.Attributes;
        foreach (JsonElement attribute in vector.GetProperty("attributes").EnumerateArray())
        {
            Assert.True(reader.MoveNext());
            Assert.Equal(TypeOf(attribute), reader.Type);
            Assert.Equal(attribute.GetProperty("offset_bytes").GetInt32(), StunFormat.HeaderLength + reader.Offset);
            Assert.Equal(attribute.Octets("value_hex"), reader.Value);
        }

        Assert.False(reader.MoveNext());
        Assert.Equal(0, view.FindUnknownRequired(stackalloc ushort[4]));
    }

    [Theory, MemberData(nameof(All))]
    public void Vector_is_authentic_under_its_key_and_no_other(string file, string id)
    {
        JsonElement vector = Find(file, id);
        byte[] key = vector.Octets("integrity_key_hex");
        Assert.True(StunMessageView.TryParse(vector.Octets("message_hex"), out StunMessageView view));
        bool sha256 = vector.Text("integrity_algorithm") == "HMAC-SHA256";
        Assert.Equal(!sha256, view.VerifyIntegrity(key));
        Assert.Equal(sha256, view.VerifyIntegritySha256(key));

        key[0] ^= 1;
        Assert.False(view.VerifyIntegrity(key) || view.VerifyIntegritySha256(key));
        Assert.Equal(vector.TryGetProperty("fingerprint_hex", out _), view.VerifyFingerprint());
    }

    [Theory, MemberData(nameof(All))]
    public void Any_flipped_bit_breaks_an_authentic_message(string file, string id)
    {
        JsonElement vector = Find(file, id);
        byte[] key = vector.Octets("integrity_key_hex");
        byte[] message = vector.Octets("message_hex");
        int protectedEnd = 0;
        foreach (JsonElement attribute in vector.GetProperty("attributes").EnumerateArray())
        {
            if (attribute.Text("name").StartsWith("MESSAGE-INTEGRITY", StringComparison.Ordinal))
            {
                int valueStart = attribute.GetProperty("offset_bytes").GetInt32() + 4;
                protectedEnd = valueStart + attribute.GetProperty("length_bytes").GetInt32();
            }
        }

        for (int bit = 0; bit < protectedEnd * 8; bit++)
        {
            message[bit / 8] ^= (byte)(1 << (bit % 8));
            bool accepted = StunMessageView.TryParse(message, out StunMessageView view)
                && (view.VerifyIntegrity(key) || view.VerifyIntegritySha256(key));
            Assert.False(accepted, $"bit {bit}");
            message[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory, MemberData(nameof(All))]
    public void Vector_is_written_byte_for_byte(string file, string id)
    {
        JsonElement vector = Find(file, id);
        byte[] expected = vector.Octets("message_hex");
        byte[] key = vector.Octets("integrity_key_hex");
        byte padding = file.StartsWith("rfc5769", StringComparison.Ordinal) && id != "request-long-term" ? (byte)0x20 : (byte)0;
        StunClass kind = vector.Text("message_type_hex") == "0001" ? StunClass.Request : StunClass.Success;
        byte[] buffer = new byte[512];
        var writer = new StunMessageWriter(buffer, kind, StunMethod.Binding, vector.Octets("transaction_id_hex"), padding);
        foreach (JsonElement attribute in vector.GetProperty("attributes").EnumerateArray())
        {
            byte[] value = attribute.Octets("value_hex");
            switch (TypeOf(attribute))
            {
                case StunAttributeType.Software: writer.AddSoftware(vector.Text("software")); break;
                case StunAttributeType.Username: writer.AddUsername(vector.Text("username")); break;
                case StunAttributeType.Realm: writer.AddRealm(vector.Text("realm")); break;
                case StunAttributeType.Nonce: writer.AddNonce(value); break;
                case StunAttributeType.Priority: writer.AddPriority(Convert.ToUInt32(vector.Text("priority_hex"), 16)); break;
                case StunAttributeType.IceControlled:
                    writer.AddIceControlled(Convert.ToUInt64(vector.Text("ice_controlled_tie_breaker_hex"), 16));
                    break;
                case StunAttributeType.XorMappedAddress: writer.AddXorMappedAddress(MappedAddress(vector)); break;
                case StunAttributeType.MessageIntegrity: writer.AddMessageIntegrity(key); break;
                case StunAttributeType.MessageIntegritySha256: writer.AddMessageIntegritySha256(key); break;
                case StunAttributeType.Fingerprint: writer.AddFingerprint(); break;
                default: writer.Add(TypeOf(attribute), value); break;
            }
        }

        Assert.Equal(Hex.Encode(expected), Hex.Encode(buffer.AsSpan(0, writer.Finish())));
    }

    [Theory]
    [InlineData("request-short-term")]
    [InlineData("response-ipv4")]
    [InlineData("response-ipv6")]
    public void Typed_attributes_have_the_printed_values(string id)
    {
        JsonElement vector = Find("rfc5769/stun.json", id);
        Assert.True(StunMessageView.TryParse(vector.Octets("message_hex"), out StunMessageView view));
        if (id == "request-short-term")
        {
            Assert.True(view.TryGetUsername(out ReadOnlySpan<byte> username));
            Assert.True(username.SequenceEqual("evtj:h6vY"u8));
            Assert.True(view.TryGetPriority(out uint priority));
            Assert.Equal(0x6E0001FFu, priority);
            Assert.True(view.TryGetIceControlled(out ulong tieBreaker));
            Assert.Equal(0x932FF9B151263B36u, tieBreaker);
            Assert.False(view.TryGetIceControlling(out _));
            Assert.False(view.UseCandidate);
            return;
        }

        Assert.True(view.TryGetXorMappedAddress(out TransportAddress address));
        Assert.Equal(MappedAddress(vector), address);
    }

    private static StunAttributeType TypeOf(JsonElement attribute) =>
        (StunAttributeType)ushort.Parse(attribute.Text("type_hex"), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static TransportAddress MappedAddress(JsonElement vector) => TransportAddress.From(
        new IPEndPoint(IPAddress.Parse(vector.Text("mapped_address")), vector.GetProperty("mapped_port").GetInt32()));

    private static JsonElement Find(string file, string id) =>
        Vectors.Load(file).GetProperty("vectors").EnumerateArray().Single(vector => vector.Text("id") == id);
}
