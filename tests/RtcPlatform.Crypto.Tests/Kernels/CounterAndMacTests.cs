using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using RtcPlatform.Crypto.Kernels;
using RtcPlatform.Crypto.Srtp;

namespace RtcPlatform.Crypto.Tests.Kernels;

public sealed class CounterAndMacTests
{
    [Theory]
    [MemberData(nameof(Available.Kernels), MemberType = typeof(Available))]
    public void The_key_streams_of_rfc_3711_and_rfc_6188_hold(string kernelName)
    {
        foreach (var (file, id) in new[] { ("rfc3711", "aes-128-cm"), ("rfc6188", "aes-256-cm") })
        {
            var vector = Vectors.Vector($"{file}/aes-cm-keystream.json", id);
            using var key = new AesCtrKey(vector.Hex("session_key_hex"), Available.Kernel(kernelName));
            var stream = new byte[vector.Int("keystream_length_bytes")];
            key.Transform(Vector128.Create(vector.Hex("session_salt_shifted_hex")), stream, stream);
            foreach (var block in vector.GetProperty("blocks").EnumerateArray())
            {
                Assert.Equal(block.Hex("keystream_hex"), stream.AsSpan(block.Int("byte_offset"), 16).ToArray());
            }

            Assert.Equal(vector.Hex("keystream_sha256_hex"), SHA256.HashData(stream));
        }
    }

    [Theory]
    [MemberData(nameof(Available.Kernels), MemberType = typeof(Available))]
    public void Every_length_equals_openssl_and_stays_inside(string kernelName)
    {
        var random = new Random(3);
        var secret = new byte[32];
        random.NextBytes(secret);
        foreach (var keyLength in new[] { 16, 32 })
        {
            using var ours = new AesCtrKey(secret.AsSpan(0, keyLength), Available.Kernel(kernelName));
            using var reference = new AesCtrKey(secret.AsSpan(0, keyLength), CipherKernel.OpenSsl);
            for (var length = 0; length <= 1500; length++)
            {
                var counter = new byte[16];
                random.NextBytes(counter.AsSpan(0, 14));
                var source = new byte[length];
                random.NextBytes(source);
                var expected = new byte[length];
                reference.Transform(Vector128.Create(counter), source, expected);
                var arena = new byte[80 + length + 80];
                ours.Transform(Vector128.Create(counter), source, arena.AsSpan(80, length));
                Assert.True(arena.AsSpan(80, length).SequenceEqual(expected), $"length {length}");
                Assert.False(arena.AsSpan(0, 80).ContainsAnyExcept((byte)0));
                Assert.False(arena.AsSpan(80 + length).ContainsAnyExcept((byte)0));
            }
        }
    }

    [Fact]
    public void Keys_derive_as_in_rfc_3711_and_rfc_6188()
    {
        foreach (var (file, id) in new[] { ("rfc3711", "aes-128-cm-prf"), ("rfc6188", "aes-256-cm-prf") })
        {
            var vector = Vectors.Vector($"{file}/key-derivation.json", id);
            using var prf = new AesCtrKey(vector.Hex("master_key_hex"));
            foreach (var derived in vector.GetProperty("derived").EnumerateArray())
            {
                var actual = SessionKeys.Derive(prf, vector.Hex("master_salt_hex"), derived.Hex("label_hex")[0], derived.Int("length_bytes"));
                Assert.Equal(derived.Hex("output_hex"), actual);
            }
        }
    }

    [Fact]
    public void The_macs_of_rfc_2202_hold_also_cut_and_in_two_parts()
    {
        foreach (var vector in Vectors.Load("rfc2202/hmac-sha1.json").GetProperty("vectors").EnumerateArray())
        {
            using var key = new HmacSha1Key(vector.Hex("key_hex"));
            var data = vector.Hex("data_hex");
            var digest = vector.Hex("digest_hex");
            for (var split = 0; split <= data.Length; split++)
            {
                var tag = new byte[20];
                key.Compute(data.AsSpan(0, split), data.AsSpan(split), tag);
                Assert.Equal(digest, tag);
                Assert.True(key.Verify(data.AsSpan(0, split), data.AsSpan(split), digest.AsSpan(0, 10)));
            }

            digest[9] ^= 1;
            Assert.False(key.Verify(data, [], digest.AsSpan(0, 10)));
        }
    }
}
