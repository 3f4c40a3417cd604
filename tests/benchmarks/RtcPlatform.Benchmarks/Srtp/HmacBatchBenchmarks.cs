using BenchmarkDotNet.Attributes;
using RtcPlatform.Crypto.Kernels;

namespace RtcPlatform.Benchmarks.Srtp;

/// <summary>The SHA-1 tags of sixteen packets under sixteen keys; times are per packet.</summary>
[MemoryDiagnoser]
public unsafe class HmacBatchBenchmarks
{
    private const int TagLength = 10;

    private readonly HmacSha1Key[] _keys =
        [.. Enumerable.Range(0, HmacSha1Batch.Capacity).Select(static seed => new HmacSha1Key(Keys.Bytes(seed, 20)))];

    private readonly byte[] _trailer = new byte[4];
    private readonly HmacSha1Batch _batch = new();
    private Packets _packets = null!;

    [Params(100, 1100)]
    public int Payload { get; set; }

    private int Length => Packets.HeaderLength + Payload;

    [GlobalSetup]
    public void Setup() => _packets = new Packets(Payload, HmacSha1Batch.Capacity);

    /// <summary>By libcrypto, on the CPU's SHA instructions.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = HmacSha1Batch.Capacity)]
    public int OneByOne()
    {
        for (int packet = 0; packet < _keys.Length; packet++)
        {
            Span<byte> slot = _packets.Slot(packet);
            _keys[packet].Compute(slot[..Length], _trailer, slot.Slice(Length, TagLength));
        }

        return Length;
    }

    [Benchmark(OperationsPerInvoke = HmacSha1Batch.Capacity)]
    public int Together()
    {
        for (int packet = 0; packet < _keys.Length; packet++)
        {
            // The slots are pinned.
            fixed (byte* slot = _packets.Slot(packet))
            {
                _batch.Add(_keys[packet], slot, Length, 0, slot + Length, TagLength);
            }
        }

        _batch.Complete();
        return Length;
    }
}
