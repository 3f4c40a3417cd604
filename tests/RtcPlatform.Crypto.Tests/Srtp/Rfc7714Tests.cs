using System.Buffers.Binary;
using RtcPlatform.Crypto.Srtp;

namespace RtcPlatform.Crypto.Tests.Srtp;

public sealed class Rfc7714Tests
{
    [Theory]
    [MemberData(nameof(Kernels.Available.Kernels), MemberType = typeof(Kernels.Available))]
    public void Whole_srtp_packets_equal_the_rfc(string kernel)
    {
        foreach (var vector in Vectors.Load("rfc7714/srtp.json").GetProperty("vectors").EnumerateArray())
        {
            if (vector.GetProperty("mode").GetString() != "encrypt_and_authenticate")
            {
                continue;
            }

            var profile = ProfileOf(vector.GetProperty("aead").GetString()!);
            var headerLength = vector.Int("rtp_header_length_bytes");
            var clear = vector.Hex("rtp_packet_hex");
            var expected = vector.Hex("protected_packet_hex");
            var sequence = (ulong)vector.Int("roc") << 16 | (uint)vector.Int("sequence_number");
            using var sender = new SrtpSender(profile, Session(vector), Kernels.Available.Kernel(kernel));
            using var receiver = new SrtpReceiver(profile, Session(vector), Kernels.Available.Kernel(kernel));
            var packet = new byte[expected.Length];
            clear.AsSpan(0, headerLength).CopyTo(packet);
            Assert.Equal(expected.Length, sender.ProtectRtp(packet, headerLength, clear.AsSpan(headerLength), sequence));
            Assert.Equal(expected, packet);
            Assert.Equal(SrtpResult.Ok, receiver.TryUnprotectRtp(packet, headerLength, out var length, out var heard));
            Assert.Equal(clear, packet[..length]);
            Assert.Equal(sequence, heard);
        }
    }

    [Theory]
    [MemberData(nameof(Kernels.Available.Kernels), MemberType = typeof(Kernels.Available))]
    public void Whole_srtcp_packets_equal_the_rfc_and_clear_ones_are_refused(string kernel)
    {
        foreach (var vector in Vectors.Load("rfc7714/srtcp.json").GetProperty("vectors").EnumerateArray())
        {
            var profile = ProfileOf(vector.GetProperty("aead").GetString()!);
            var clear = vector.Hex("rtcp_packet_hex");
            var expected = vector.Hex("protected_packet_hex");
            using var receiver = new SrtpReceiver(profile, Session(vector), Kernels.Available.Kernel(kernel));
            if (vector.Int("encryption_flag") == 0)
            {
                Assert.Equal(SrtpResult.NotEncrypted, receiver.TryUnprotectRtcp(expected.ToArray(), out _));
                continue;
            }

            using var sender = new SrtpSender(profile, Session(vector), Kernels.Available.Kernel(kernel))
            {
                NextRtcpIndex = (uint)vector.Int("srtcp_index"),
            };
            var packet = new byte[expected.Length];
            Assert.Equal(expected.Length, sender.ProtectRtcp(packet, clear));
            Assert.Equal(expected, packet);
            Assert.Equal(SrtpResult.Ok, receiver.TryUnprotectRtcp(packet, out var length));
            Assert.Equal(clear, packet[..length]);
        }
    }

    [Fact]
    public void Profile_facts_equal_the_table_of_rfc_5764()
    {
        var known = 0;
        foreach (var row in Vectors.Load("rfc5764/profiles.json").GetProperty("profiles").EnumerateArray())
        {
            var profile = (SrtpProfile)BinaryPrimitives.ReadUInt16BigEndian(row.Hex("profile_id_hex"));
            if (!profile.IsKnown)
            {
                continue;
            }

            known++;
            var tagBits = row.GetProperty(profile.IsAead ? "aead_tag_length_bits" : "srtp_auth_tag_length_bits").GetInt32();
            Assert.Equal(row.Int("cipher_key_length_bits") / 8, profile.KeyLength);
            Assert.Equal(row.Int("cipher_salt_length_bits") / 8, profile.SaltLength);
            Assert.Equal(tagBits / 8, profile.TagLength);
            Assert.Equal(row.Int("exporter_output_length_bytes"), profile.ExporterLength);
            CheckLayout(profile, row.GetProperty("exporter_output_layout_bytes"));
        }

        Assert.Equal(Enum.GetValues<SrtpProfile>().Length, known);
    }

    private static void CheckLayout(SrtpProfile profile, System.Text.Json.JsonElement layout)
    {
        var exported = Enumerable.Range(0, profile.ExporterLength).Select(i => (byte)i).ToArray();
        using var keys = new SrtpKeyMaterial(profile, exported);
        foreach (var part in layout.EnumerateArray())
        {
            var expected = exported.AsSpan(part.Int("offset"), part.Int("length"));
            var actual = part.GetProperty("name").GetString() switch
            {
                "client_write_srtp_master_key" => keys.ClientKey,
                "server_write_srtp_master_key" => keys.ServerKey,
                "client_write_srtp_master_salt" => keys.ClientSalt,
                _ => keys.ServerSalt,
            };
            Assert.True(actual.SequenceEqual(expected), part.GetProperty("name").GetString());
        }
    }

    private static SrtpProfile ProfileOf(string aead) =>
        aead == "AEAD_AES_128_GCM" ? SrtpProfile.AeadAes128Gcm : SrtpProfile.AeadAes256Gcm;

    private static SessionKeys Session(System.Text.Json.JsonElement vector) => new()
    {
        RtpKey = vector.Hex("key_hex"),
        RtpSalt = vector.Hex("salt_hex"),
        RtpAuthentication = [],
        RtcpKey = vector.Hex("key_hex"),
        RtcpSalt = vector.Hex("salt_hex"),
        RtcpAuthentication = [],
    };
}
