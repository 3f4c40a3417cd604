using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RtcPlatform.Crypto.Kernels;

/// <summary>
/// HMAC-SHA1 (RFC 2104) of up to sixteen messages under as many keys, computed together on <see cref="Sha1Lanes"/>. For
/// messages of like length: the longest says how long all take. A few are cheaper one by one, and are computed so.
/// </summary>
/// <remarks>Add, and when it is full or nothing more comes, Complete. Messages and tags must stay where they are until then.</remarks>
internal sealed unsafe class HmacSha1Batch
{
    public const int Capacity = Sha1Lanes.Count;

    /// <summary>Fewer messages than these cost less on the CPU's SHA instructions, through libcrypto.</summary>
    private const int Fewest = 6;

    private const int TrailerLength = sizeof(uint);
    private const int TailLength = 2 * Sha1Lanes.BlockLength;

    /// <summary>0x80 and the 64-bit length behind a message (FIPS 180-4 section 5.1.1).</summary>
    private const int PaddingLength = 1 + sizeof(ulong);

    private readonly Message[] _messages = new Message[Capacity];

    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    /// <summary>Takes a message whose MAC is that of its bytes and then the trailer, big-endian, as SRTP's rollover counter is.</summary>
    /// <param name="tag">Where the leftmost bytes of the MAC go.</param>
    /// <param name="tagLength">1 to 20.</param>
    /// <exception cref="InvalidOperationException">The batch is full: the caller's mistake.</exception>
    public void Add(HmacSha1Key key, byte* message, int length, uint trailer, byte* tag, int tagLength)
    {
        if (IsFull)
        {
            throw new InvalidOperationException("The batch is full.");
        }

        _messages[Count++] = new Message
        {
            Key = key, Start = message, Length = length, Trailer = trailer, Tag = tag, TagLength = tagLength,
        };
    }

    /// <summary>Writes the tags of all messages and is empty again.</summary>
    public void Complete()
    {
        if (Count >= Fewest && Sha1Lanes.IsSupported)
        {
            Together();
        }
        else
        {
            OneByOne();
        }

        _messages.AsSpan(0, Count).Clear();
        Count = 0;
    }

    private void OneByOne()
    {
        Span<byte> trailer = stackalloc byte[TrailerLength];
        foreach (ref readonly var message in _messages.AsSpan(0, Count))
        {
            BinaryPrimitives.WriteUInt32BigEndian(trailer, message.Trailer);
            message.Key.Compute(
                new ReadOnlySpan<byte>(message.Start, message.Length), trailer, new Span<byte>(message.Tag, message.TagLength));
        }
    }

    [SkipLocalsInit]
    private void Together()
    {
        // Behind each message's last whole block: what is left of it, trailer and padding, one block or two.
        var tails = stackalloc byte[Capacity * TailLength];
        var blocks = stackalloc byte*[Capacity];
        var lengths = stackalloc int[Capacity];
        var statesRoom = stackalloc byte[(2 * Sha1Lanes.StateWords + 1) * sizeof(Vector512<uint>)];
        var states = Sha1Lanes.Aligned(statesRoom);
        var outer = states + Sha1Lanes.StateWords;
        var longest = 0;
        for (var lane = 0; lane < Capacity; lane++)
        {
            // Lanes without a message compute the first one's once more.
            ref readonly var message = ref _messages[lane < Count ? lane : 0];
            message.Key.CopyStates((uint*)states + lane, (uint*)outer + lane, Capacity);
            lengths[lane] = WriteTail(message, tails + lane * TailLength);
            longest = Math.Max(longest, lengths[lane]);
        }

        for (var block = 0; block < longest; block++)
        {
            for (var lane = 0; lane < Capacity; lane++)
            {
                ref readonly var message = ref _messages[lane < Count ? lane : 0];
                var whole = message.Length / Sha1Lanes.BlockLength;
                blocks[lane] = block < whole
                    ? message.Start + block * Sha1Lanes.BlockLength
                    : tails + lane * TailLength + (block < lengths[lane] ? block - whole : 0) * Sha1Lanes.BlockLength;
            }

            Sha1Lanes.Absorb(states, blocks, Vector512.LessThan(Vector512.Create(block), Vector512.Load(lengths)).AsUInt32());
        }

        Finish(states, outer);
    }

    /// <summary>The outer hash: the inner digests, padded, are words already.</summary>
    [SkipLocalsInit]
    private void Finish(Vector512<uint>* inner, Vector512<uint>* outer)
    {
        var words = stackalloc Vector512<uint>[Sha1Lanes.BlockLength / sizeof(uint)];
        new Span<Vector512<uint>>(words, 16).Clear();
        for (var word = 0; word < Sha1Lanes.StateWords; word++)
        {
            words[word] = inner[word];
        }

        words[5] = Vector512.Create(0x8000_0000u);
        words[15] = Vector512.Create((uint)(Sha1Lanes.BlockLength + Sha1Lanes.StateWords * sizeof(uint)) * 8);
        Sha1Lanes.AbsorbWords(outer, words);
        Span<byte> digest = stackalloc byte[Sha1Lanes.StateWords * sizeof(uint)];
        for (var lane = 0; lane < Count; lane++)
        {
            for (var word = 0; word < Sha1Lanes.StateWords; word++)
            {
                BinaryPrimitives.WriteUInt32BigEndian(digest[(word * sizeof(uint))..], ((uint*)outer)[word * Capacity + lane]);
            }

            ref readonly var message = ref _messages[lane];
            digest[..message.TagLength].CopyTo(new Span<byte>(message.Tag, message.TagLength));
        }
    }

    /// <returns>How many blocks the message has with its tail.</returns>
    private static int WriteTail(in Message message, byte* tail)
    {
        var whole = message.Length / Sha1Lanes.BlockLength;
        var rest = message.Length % Sha1Lanes.BlockLength;
        var used = rest + TrailerLength;
        var blocks = used + PaddingLength <= Sha1Lanes.BlockLength ? 1 : 2;
        var span = new Span<byte>(tail, TailLength);
        span.Clear();
        new ReadOnlySpan<byte>(message.Start + whole * Sha1Lanes.BlockLength, rest).CopyTo(span);
        BinaryPrimitives.WriteUInt32BigEndian(span[rest..], message.Trailer);
        span[used] = 0x80;
        // The key's block was hashed before.
        var bits = (ulong)(Sha1Lanes.BlockLength + message.Length + TrailerLength) * 8;
        BinaryPrimitives.WriteUInt64BigEndian(span[(blocks * Sha1Lanes.BlockLength - sizeof(ulong))..], bits);
        return whole + blocks;
    }

    private struct Message
    {
        public HmacSha1Key Key;
        public byte* Start;
        public byte* Tag;
        public int Length;
        public int TagLength;
        public uint Trailer;
    }
}
