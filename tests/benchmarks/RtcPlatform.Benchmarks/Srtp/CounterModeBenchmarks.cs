using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using RtcPlatform.Crypto.Kernels;
using RtcPlatform.Crypto.Srtp;

namespace RtcPlatform.Benchmarks.Srtp;

/// <summary>AES128_CM_HMAC_SHA1_80: counter mode, then a MAC over header, ciphertext and rollover counter.</summary>
[MemoryDiagnoser]
public class CounterModeBenchmarks
{
    private const int Subscribers = 100;
    private const SrtpProfile Profile = SrtpProfile.Aes128CmHmacSha1_80;

    private readonly byte[] _macKey = Keys.Bytes(5, 20);
    private readonly byte[] _tag = new byte[20];
    private readonly byte[] _secret = Keys.Bytes(6, 30);

    private Packets _packets = null!;
    private SrtpSender[] _ours = null!;
    private SrtpSender[] _evp = null!;
    private SrtpSender _far = null!;
    private SrtpReceiver _receiver = null!;
    private ulong _sequence;

    [Params(100, 1100)]
    public int Payload { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _packets = new Packets(Payload, Subscribers);
        _ours = Keys.Senders(Profile, CipherKernels.Best, Subscribers);
        _evp = Keys.Senders(Profile, CipherKernel.OpenSsl, Subscribers);
        _far = new SrtpSender(Profile, _secret.AsSpan(0, 16), _secret.AsSpan(16));
        _receiver = new SrtpReceiver(Profile, _secret.AsSpan(0, 16), _secret.AsSpan(16));
        _sequence = 0;
    }

    /// <summary>Counter mode by EVP; the MAC is libcrypto's in both.</summary>
    [Benchmark(Baseline = true)]
    public int OpenSslEvp() => Protect(_evp);

    [Benchmark]
    public int Ours() => Protect(_ours);

    /// <summary>Protected by the far end and opened by ours: replay window, MAC, counter mode. Subtract Ours.</summary>
    [Benchmark]
    public int ProtectAndUnprotect()
    {
        Span<byte> slot = _packets.Slot(0);
        ulong sequence = _sequence++;
        (slot[2], slot[3]) = ((byte)(sequence >> 8), (byte)sequence);
        int length = _far.ProtectRtp(slot, Packets.HeaderLength, _packets.Payload, sequence);
        return _receiver.TryUnprotectRtp(slot[..length], Packets.HeaderLength, out _, out _) == SrtpResult.Ok
            ? length
            : throw new CryptographicException("The benchmark's packet was refused.");
    }

    /// <summary>The MAC alone by System.Security.Cryptography.</summary>
    [Benchmark]
    public int DotNetHmacSha1Alone() =>
        HMACSHA1.HashData(_macKey, _packets.Slot(_packets.Next())[..(Packets.HeaderLength + Payload)], _tag);

    private int Protect(SrtpSender[] senders)
    {
        int subscriber = _packets.Next();
        return senders[subscriber].ProtectRtp(_packets.Slot(subscriber), Packets.HeaderLength, _packets.Payload, _sequence++);
    }
}
