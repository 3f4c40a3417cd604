using System.Security.Cryptography;
using RtcPlatform.Crypto.Kernels;

namespace RtcPlatform.Crypto.Tests.Kernels;

public sealed class AesGcmKeyTests
{
    /// <summary>Guards around every buffer show a byte written outside it.</summary>
    private const int Guard = 80;

    [Theory]
    [MemberData(nameof(Available.Kernels), MemberType = typeof(Available))]
    public void Every_length_equals_dotnet_and_opens_again(string kernelName)
    {
        var random = new Random(1);
        foreach (var keyLength in new[] { 16, 32 })
        {
            var key = Bytes(random, keyLength);
            using var ours = new AesGcmKey(key, Available.Kernel(kernelName));
            using var reference = new AesGcm(key, 16);
            foreach (var associatedLength in new[] { 0, 8, 12, 16, 20, 24, 28, 40, 63, 64, 65, 72, 255, 256, 257, 300 })
            {
                for (var length = 0; length <= 1500; length += associatedLength is 12 or 20 or 24 ? 1 : 37)
                {
                    Compare(ours, reference, random, associatedLength, length);
                }
            }

            Compare(ours, reference, random, 20, 4_080);
            Compare(ours, reference, random, 20, 70_001);
        }
    }

    [Theory]
    [MemberData(nameof(Available.Kernels), MemberType = typeof(Available))]
    public void A_changed_byte_anywhere_is_refused(string kernelName)
    {
        var random = new Random(2);
        using var ours = new AesGcmKey(Bytes(random, 16), Available.Kernel(kernelName));
        foreach (var length in new[] { 0, 1, 15, 16, 17, 63, 64, 65, 100, 127, 128, 129, 255, 256, 300, 1100 })
        {
            var iv = Bytes(random, 12);
            var associated = Bytes(random, 24);
            var good = new byte[length + 16];
            ours.Encrypt(AesGcmKey.FirstCounter(iv), associated, Bytes(random, length), good);
            for (var at = 0; at < good.Length; at++)
            {
                var bad = good.ToArray();
                bad[at] ^= (byte)(1 << random.Next(8));
                var changed = bad.ToArray();
                Assert.False(ours.TryDecryptInPlace(AesGcmKey.FirstCounter(iv), associated, bad));
                Assert.True(bad.AsSpan().SequenceEqual(changed), "refused yet changed");
            }

            for (var at = 0; at < associated.Length; at++)
            {
                var badAssociated = associated.ToArray();
                badAssociated[at] ^= 0x10;
                Assert.False(ours.TryDecryptInPlace(AesGcmKey.FirstCounter(iv), badAssociated, good.ToArray()));
            }

            Assert.True(ours.TryDecryptInPlace(AesGcmKey.FirstCounter(iv), associated, good));
        }
    }

    [Theory]
    [MemberData(nameof(Available.Kernels), MemberType = typeof(Available))]
    public void The_vectors_of_rfc_7714_hold(string kernelName)
    {
        foreach (var file in new[] { "rfc7714/srtp.json", "rfc7714/srtcp.json" })
        {
            foreach (var vector in Vectors.Load(file).GetProperty("vectors").EnumerateArray())
            {
                using var ours = new AesGcmKey(vector.Hex("key_hex"), Available.Kernel(kernelName));
                var plaintext = vector.Hex("plaintext_hex");
                var protectedText = vector.Hex("ciphertext_and_tag_hex");
                var result = new byte[plaintext.Length + 16];
                ours.Encrypt(AesGcmKey.FirstCounter(vector.Hex("iv_hex")), vector.Hex("aad_hex"), plaintext, result);
                Assert.Equal(protectedText, result);
                Assert.True(ours.TryDecryptInPlace(AesGcmKey.FirstCounter(vector.Hex("iv_hex")), vector.Hex("aad_hex"), result));
                Assert.Equal(plaintext, result[..plaintext.Length]);
            }
        }
    }

    private static void Compare(AesGcmKey ours, AesGcm reference, Random random, int associatedLength, int length)
    {
        var iv = Bytes(random, 12);
        var associated = Bytes(random, associatedLength);
        var plaintext = Bytes(random, length);
        var expected = new byte[length + 16];
        reference.Encrypt(iv, plaintext, expected.AsSpan(0, length), expected.AsSpan(length), associated);

        var arena = new byte[Guard + length + 16 + Guard];
        arena.AsSpan().Fill(0xA5);
        var source = plaintext.ToArray();
        var target = arena.AsSpan(Guard, length + 16);
        ours.Encrypt(AesGcmKey.FirstCounter(iv), associated, source, target);
        Assert.True(target.SequenceEqual(expected), $"ciphertext differs: aad {associatedLength}, length {length}");
        Assert.True(source.AsSpan().SequenceEqual(plaintext), "the source was changed");
        Assert.True(ours.TryDecryptInPlace(AesGcmKey.FirstCounter(iv), associated, target), $"does not open: aad {associatedLength}, length {length}");
        Assert.True(target[..length].SequenceEqual(plaintext), $"plaintext differs: aad {associatedLength}, length {length}");
        Assert.False(arena.AsSpan(0, Guard).ContainsAnyExcept((byte)0xA5), "wrote before the destination");
        Assert.False(arena.AsSpan(Guard + length + 16).ContainsAnyExcept((byte)0xA5), "wrote behind the destination");
    }

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
