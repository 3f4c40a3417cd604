using RtcPlatform.Crypto.Kernels;

namespace RtcPlatform.Crypto.Tests.Kernels;

/// <summary>
/// A refused packet is as it was (docs/adr/0003): two of the kernels have decrypted it by the time they see its tag.
/// </summary>
public sealed class RefusalTests
{
    private const int Alignments = 64;
    private const int Guard = 128;
    private const int MaximumLength = 5_000;
    private const int HeaderLength = 24;

    private readonly Random _random = new(4);
    private readonly byte[] _good = GC.AllocateArray<byte>(Guard + Alignments + MaximumLength + 16 + Guard, pinned: true);
    private readonly byte[] _bad = GC.AllocateArray<byte>(Guard + Alignments + MaximumLength + 16 + Guard, pinned: true);
    private readonly byte[] _before = new byte[Guard + Alignments + MaximumLength + 16 + Guard];

    [Theory]
    [MemberData(nameof(Available.Kernels), MemberType = typeof(Available))]
    public void Every_length_at_some_alignment_is_unchanged(string kernelName)
    {
        foreach (var keyLength in new[] { 16, 32 })
        {
            using var key = Key(keyLength, kernelName);
            for (var length = 0; length <= 1_500; length++)
            {
                Refuse(key, length, length * 7 % Alignments);
            }

            // Around the longest text of the wide kernel, and where the last byte of the counter overflows.
            foreach (var length in new[] { 4_047, 4_048, 4_049, 4_063, 4_064, 4_065, 4_080, 4_081, MaximumLength })
            {
                Refuse(key, length, 1);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Available.Kernels), MemberType = typeof(Available))]
    public void Every_alignment_at_each_kind_of_length_is_unchanged(string kernelName)
    {
        using var key = Key(16, kernelName);
        foreach (var length in new[] { 0, 1, 15, 16, 17, 63, 64, 65, 100, 111, 112, 113, 127, 128, 129, 239, 240, 241, 1_100, 1_200 })
        {
            for (var alignment = 0; alignment < Alignments; alignment++)
            {
                Refuse(key, length, alignment);
            }
        }
    }

    private AesGcmKey Key(int length, string kernelName)
    {
        var secret = new byte[length];
        _random.NextBytes(secret);
        return new AesGcmKey(secret, Available.Kernel(kernelName));
    }

    /// <summary>Wrong in the tag, in the text, in the header and in the counter: refused, and not a byte around or inside differs.</summary>
    private void Refuse(AesGcmKey key, int length, int alignment)
    {
        var at = Guard + alignment;
        var header = new byte[HeaderLength];
        var iv = new byte[AesGcmKey.IvLength];
        _random.NextBytes(header);
        _random.NextBytes(iv);
        _random.NextBytes(_good.AsSpan(0, at + length));
        key.Encrypt(
            AesGcmKey.FirstCounter(iv), header, _good.AsSpan(at, length).ToArray(), _good.AsSpan(at, length + AesGcmKey.TagLength));
        for (var wrong = 0; wrong < 4; wrong++)
        {
            _good.CopyTo(_bad, 0);
            var badHeader = header.ToArray();
            var badIv = iv.ToArray();
            Span<byte> victims = wrong switch
            {
                0 => _bad.AsSpan(at + length, AesGcmKey.TagLength),
                1 => _bad.AsSpan(at, length + 1),
                2 => badHeader,
                _ => badIv,
            };
            victims[_random.Next(victims.Length)] ^= (byte)(1 << _random.Next(8));
            _bad.CopyTo(_before, 0);
            var text = _bad.AsSpan(at, length + AesGcmKey.TagLength);
            Assert.False(key.TryDecryptInPlace(AesGcmKey.FirstCounter(badIv), badHeader, text), $"accepted: {wrong}, length {length}");
            Assert.True(_bad.AsSpan().SequenceEqual(_before), $"refused yet changed: {wrong}, length {length}, alignment {alignment}");
        }

        // What was refused does not harm what follows under the same key.
        Assert.True(key.TryDecryptInPlace(AesGcmKey.FirstCounter(iv), header, _good.AsSpan(at, length + AesGcmKey.TagLength)));
    }
}
