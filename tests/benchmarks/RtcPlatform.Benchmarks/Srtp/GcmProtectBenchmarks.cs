using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using RtcPlatform.Crypto.Kernels;
using RtcPlatform.Crypto.Srtp;

namespace RtcPlatform.Benchmarks.Srtp;

/// <summary>AEAD_AES_128_GCM from the shared payload into a subscriber's slot, another subscriber for every packet.</summary>
[MemoryDiagnoser]
public class GcmProtectBenchmarks
{
    private const int Subscribers = 100;

    private readonly byte[] _iv = new byte[12];

    private Packets _packets = null!;
    private SrtpSender[] _ours = null!;
    private SrtpSender[] _narrow = null!;
    private SrtpSender[] _evp = null!;
    private AesGcm[] _dotnet = null!;
    private ulong _sequence;

    [Params(100, 1100)]
    public int Payload { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _packets = new Packets(Payload, Subscribers);
        _ours = Keys.Senders(SrtpProfile.AeadAes128Gcm, CipherKernels.Best, Subscribers);
        _narrow = Keys.Senders(
            SrtpProfile.AeadAes128Gcm, CipherKernels.IsNarrowSupported ? CipherKernel.Narrow : CipherKernel.OpenSsl, Subscribers);
        _evp = Keys.Senders(SrtpProfile.AeadAes128Gcm, CipherKernel.OpenSsl, Subscribers);
        _dotnet = [.. Enumerable.Range(0, Subscribers).Select(static seed => new AesGcm(Keys.Bytes(seed, 16), 16))];
    }

    /// <summary>OpenSSL's EVP with a reused context, as libsrtp calls it.</summary>
    [Benchmark(Baseline = true)]
    public int OpenSslEvp() => Protect(_evp);

    [Benchmark]
    public int Ours() => Protect(_ours);

    /// <summary>What a CPU without AVX-512 runs.</summary>
    [Benchmark]
    public int OursOnAesNi() => Protect(_narrow);

    [Benchmark]
    public int DotNetAesGcm()
    {
        int subscriber = _packets.Next();
        Span<byte> slot = _packets.Slot(subscriber);
        BitConverter.TryWriteBytes(_iv, _sequence++);
        _dotnet[subscriber].Encrypt(
            _iv,
            _packets.Payload,
            slot.Slice(Packets.HeaderLength, Payload),
            slot.Slice(Packets.HeaderLength + Payload, 16),
            slot[..Packets.HeaderLength]);
        return Payload;
    }

    private int Protect(SrtpSender[] senders)
    {
        int subscriber = _packets.Next();
        return senders[subscriber].ProtectRtp(_packets.Slot(subscriber), Packets.HeaderLength, _packets.Payload, _sequence++);
    }
}
