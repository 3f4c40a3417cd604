using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using RtcPlatform.Crypto.Kernels;

namespace RtcPlatform.Benchmarks.Srtp;

/// <summary>Opening in place. Each method copies the ciphertext first, because opening consumes it: about 10 ns of each.</summary>
[MemoryDiagnoser]
public class GcmUnprotectBenchmarks
{
    private const int TagLength = AesGcmKey.TagLength;

    private readonly byte[] _iv = new byte[AesGcmKey.IvLength];
    private readonly byte[] _header = Keys.Bytes(2, Packets.HeaderLength);

    private byte[] _authentic = null!;
    private byte[] _forged = null!;
    private byte[] _work = null!;
    private AesGcmKey _ours;
    private AesGcmKey _evp;
    private AesGcm _dotnet = null!;

    [Params(100, 1100)]
    public int Payload { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        byte[] key = Keys.Bytes(3, 16);
        _ours = new AesGcmKey(key, CipherKernels.Best);
        _evp = new AesGcmKey(key, CipherKernel.OpenSsl);
        _dotnet = new AesGcm(key, TagLength);
        _work = new byte[Payload + TagLength];
        _authentic = new byte[Payload + TagLength];
        _evp.Encrypt(AesGcmKey.FirstCounter(_iv), _header, Keys.Bytes(4, Payload), _authentic);
        _forged = [.. _authentic];
        _forged[^1] ^= 1;
    }

    [Benchmark(Baseline = true)]
    public int OpenSslEvp() => Open(_evp, _authentic, expected: true);

    [Benchmark]
    public int Ours() => Open(_ours, _authentic, expected: true);

    /// <summary>A packet that is refused, and restored.</summary>
    [Benchmark]
    public int OursForged() => Open(_ours, _forged, expected: false);

    [Benchmark]
    public int DotNetAesGcm()
    {
        _authentic.CopyTo(_work, 0);
        Span<byte> text = _work.AsSpan(0, Payload);
        _dotnet.Decrypt(_iv, text, _work.AsSpan(Payload), text, _header);
        return Payload;
    }

    private int Open(in AesGcmKey key, byte[] packet, bool expected)
    {
        packet.CopyTo(_work, 0);
        return key.TryDecryptInPlace(AesGcmKey.FirstCounter(_iv), _header, _work) == expected
            ? Payload
            : throw new CryptographicException("The benchmark opens something else than it meant to.");
    }
}
