using System.Diagnostics.CodeAnalysis;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.Forwarding.Caching;

/// <summary>
/// The last decrypted packets of one layer, in a ring of octets: the source of retransmissions for all of its consumers.
/// A packet is found by the publisher's extended sequence number until it is overwritten.
/// </summary>
public sealed class PacketCache
{
    /// <summary>Packets kept for a video layer: two seconds of 4 Mbit/s.</summary>
    public const int VideoPackets = 1024;

    /// <summary>Packets kept for audio: five seconds of 20 ms frames.</summary>
    public const int AudioPackets = 256;

    private const int VideoOctets = 1 << 20;
    private const int AudioOctets = 1 << 16;
    private const int LongestPacket = 2048;

    /// <summary>Octets kept free behind each payload, where RTP padding can be written.</summary>
    public const int PaddingRoom = 16;

    private readonly Entry[] _entries;
    private readonly byte[] _octets;
    private long _head;
    private ulong _highest;

    private PacketCache(int packets, int octets)
    {
        _entries = new Entry[packets];
        _octets = GC.AllocateUninitializedArray<byte>(octets);
    }

    public static PacketCache For(MediaKind kind) =>
        kind == MediaKind.Video ? new(VideoPackets, VideoOctets) : new(AudioPackets, AudioOctets);

    public int Capacity => _entries.Length;

    /// <summary>Keeps a copy. False = this number is here already, or is older than everything kept.</summary>
    /// <param name="slot">For <see cref="Read"/>, until <see cref="Capacity"/> more packets or the ring's octets have come.</param>
    public bool TryStore(ulong extendedSequence, in CachedPacket packet, out int slot)
    {
        slot = (int)(extendedSequence & (ulong)(_entries.Length - 1));
        if (extendedSequence + (ulong)_entries.Length <= _highest)
        {
            return false;
        }

        ref Entry entry = ref _entries[slot];
        if (entry.IsUsed && entry.ExtendedSequence >= extendedSequence)
        {
            return false;
        }

        int length = packet.Payload.Length + PaddingRoom + ExtensionOctets.Length(packet.Extensions);
        long position = Reserve(length);
        entry.IsUsed = true;
        entry.ExtendedSequence = extendedSequence;
        entry.Position = position;
        entry.Timestamp = packet.Timestamp;
        entry.Marker = packet.Marker;
        entry.Codec = packet.Codec;
        entry.PayloadLength = (ushort)packet.Payload.Length;
        Span<byte> room = _octets.AsSpan((int)(position & (_octets.Length - 1)), length);
        packet.Payload.CopyTo(room);
        entry.Extensions = ExtensionOctets.Write(room[(packet.Payload.Length + PaddingRoom)..], packet.Extensions);
        _highest = Math.Max(_highest, extendedSequence);
        return true;
    }

    /// <summary>Finds a packet; its spans are valid until the next <see cref="TryStore"/>.</summary>
    public CacheResult Find(ulong extendedSequence, out CachedPacket packet)
    {
        packet = default;
        ref readonly Entry entry = ref _entries[extendedSequence & (ulong)(_entries.Length - 1)];
        if (extendedSequence > _highest)
        {
            return CacheResult.NeverArrived;
        }

        if (!entry.IsUsed || entry.ExtendedSequence != extendedSequence)
        {
            bool inWindow = extendedSequence + (ulong)_entries.Length > _highest;
            return inWindow ? CacheResult.NeverArrived : CacheResult.Evicted;
        }

        if (entry.Position + _octets.Length < _head)
        {
            return CacheResult.Evicted;
        }

        int start = (int)(entry.Position & (_octets.Length - 1));
        packet.Payload = _octets.AsSpan(start, entry.PayloadLength);
        packet.Extensions = entry.Extensions.Read(_octets.AsSpan(start + entry.PayloadLength + PaddingRoom));
        packet.Timestamp = entry.Timestamp;
        packet.Marker = entry.Marker;
        packet.Codec = entry.Codec!;
        return CacheResult.Found;
    }

    /// <summary>The shared parts of a packet that was just stored: payload, extensions and marker.</summary>
    public void Read(int slot, byte padding, ref OutgoingRtp packet)
    {
        ref readonly Entry entry = ref _entries[slot];
        int start = (int)(entry.Position & (_octets.Length - 1));
        packet.Payload = _octets.AsSpan(start, entry.PayloadLength + padding);
        packet.Padding = padding;
        packet.Extensions = entry.Extensions.Read(_octets.AsSpan(start + entry.PayloadLength + PaddingRoom));
        packet.Marker = entry.Marker;
    }

    /// <summary>What a packet that was just stored puts into a datagram beside the fixed header: payload and elements.</summary>
    public int Length(int slot) => _entries[slot].PayloadLength + _entries[slot].Extensions.Total;

    /// <summary>Writes RTP padding behind a payload (RFC 3550 section 5.1): zeros, then their number.</summary>
    /// <param name="padding">1 to <see cref="PaddingRoom"/>.</param>
    public void Pad(int slot, byte padding)
    {
        ref readonly Entry entry = ref _entries[slot];
        int end = (int)(entry.Position & (_octets.Length - 1)) + entry.PayloadLength;
        Span<byte> room = _octets.AsSpan(end, padding);
        room.Clear();
        room[^1] = padding;
    }

    /// <summary>Forgets everything: the publisher's numbers start anew.</summary>
    public void Clear()
    {
        Array.Clear(_entries);
        _highest = 0;
    }

    // Positions only grow, so "overwritten" is one comparison; a packet never wraps around the ring's end.
    private long Reserve(int length)
    {
        if (length > LongestPacket)
        {
            ThrowTooLong(length);
        }

        int start = (int)(_head & (_octets.Length - 1));
        if (start + length > _octets.Length)
        {
            _head += _octets.Length - start;
        }

        long position = _head;
        _head += length;
        return position;
    }

    [DoesNotReturn]
    private static void ThrowTooLong(int length) =>
        throw new ArgumentOutOfRangeException(nameof(length), length, "A cached packet is at most 2048 octets.");

    private struct Entry
    {
        public ulong ExtendedSequence;
        public long Position;
        public CodecBinding? Codec;
        public uint Timestamp;
        public ushort PayloadLength;
        public ExtensionOctets Extensions;
        public bool Marker;
        public bool IsUsed;
    }
}
