using System.Buffers.Binary;
using System.Security.Cryptography;
using RtcPlatform.Crypto.Kernels;

namespace RtcPlatform.Crypto.Tests.Kernels;

public sealed unsafe class HmacSha1BatchTests
{
    private const int Guard = 16;

    private readonly Random _random = new(9);

    [Fact]
    public void Every_length_equals_dotnet_whatever_its_neighbours()
    {
        for (var length = 0; length <= 1_500; length++)
        {
            // Neighbours of other lengths share the lanes; one lane has the length in question.
            var lengths = Enumerable.Range(0, 1 + length % HmacSha1Batch.Capacity).Select(_ => _random.Next(1_500)).ToArray();
            lengths[_random.Next(lengths.Length)] = length;
            Compare(lengths, 1 + length % 20);
        }
    }

    [Fact]
    public void Full_batches_of_like_packets_equal_dotnet()
    {
        foreach (var length in new[] { 12, 50, 51, 52, 55, 56, 59, 60, 63, 64, 65, 100, 115, 116, 119, 120, 128, 1_124, 1_200 })
        {
            Compare([.. Enumerable.Repeat(length, HmacSha1Batch.Capacity)], 10);
            Compare([.. Enumerable.Repeat(length, 6)], 10);
        }
    }

    [Fact]
    public void A_full_batch_takes_no_more_and_allocates_nothing()
    {
        using var key = new HmacSha1Key(Bytes(20));
        var batch = new HmacSha1Batch();
        var message = stackalloc byte[100];
        var tag = stackalloc byte[10];
        long before = 0;
        for (var round = 0; round < 300; round++)
        {
            before = round == 100 ? GC.GetAllocatedBytesForCurrentThread() : before;
            for (var lane = 0; lane < HmacSha1Batch.Capacity; lane++)
            {
                batch.Add(key, message, 100, 0, tag, 10);
            }

            if (round < 299)
            {
                batch.Complete();
            }
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(batch.IsFull);
        Assert.Throws<InvalidOperationException>(() => Overfill(batch, key));
    }

    private static void Overfill(HmacSha1Batch batch, HmacSha1Key key)
    {
        byte one;
        batch.Add(key, &one, 1, 0, &one, 1);
    }

    private void Compare(int[] lengths, int tagLength)
    {
        var batch = new HmacSha1Batch();
        var keys = lengths.Select(_ => Bytes(20)).ToArray();
        var macs = keys.Select(secret => new HmacSha1Key(secret)).ToArray();
        var messages = lengths.Select(length => Pinned(length)).ToArray();
        var tags = lengths.Select(_ => GC.AllocateArray<byte>(tagLength + Guard, pinned: true)).ToArray();
        var trailers = lengths.Select(_ => (uint)_random.NextInt64(uint.MaxValue)).ToArray();
        for (var lane = 0; lane < lengths.Length; lane++)
        {
            fixed (byte* messageAt = messages[lane], tagAt = tags[lane])
            {
                batch.Add(macs[lane], messageAt, lengths[lane], trailers[lane], tagAt, tagLength);
            }
        }

        batch.Complete();
        Assert.Equal(0, batch.Count);
        for (var lane = 0; lane < lengths.Length; lane++)
        {
            var trailer = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(trailer, trailers[lane]);
            byte[] whole = [.. messages[lane], .. trailer];
            var expected = HMACSHA1.HashData(keys[lane], whole);
            Assert.True(
                tags[lane].AsSpan(0, tagLength).SequenceEqual(expected.AsSpan(0, tagLength)),
                $"lane {lane} of {lengths.Length}, length {lengths[lane]}");
            Assert.False(tags[lane].AsSpan(tagLength).ContainsAnyExcept((byte)0), "wrote behind the tag");
            macs[lane].Dispose();
        }
    }

    private byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }

    private byte[] Pinned(int length)
    {
        var bytes = GC.AllocateArray<byte>(length, pinned: true);
        _random.NextBytes(bytes);
        return bytes;
    }
}
