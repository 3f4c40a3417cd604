using System.Runtime.InteropServices;
using RtcPlatform.Forwarding.Caching;
using RtcPlatform.Forwarding.Routing;
using RtcPlatform.Wire.Numbers;
using RtcPlatform.Wire.Rtp;

namespace RtcPlatform.MediaNode.Pipes;

/// <summary>
/// From one shard to one other, for all tracks that go that way: a ring of slots that one thread writes and one thread reads.
/// Neither waits for the other, and nothing is allocated. What does not fit is refused.
/// </summary>
internal sealed class PipeRing
{
    /// <summary>What may be under way: 50 ms of 20,000 packets per second.</summary>
    public const int Slots = 1024;

    private const int SlotOctets = 2048;
    private const int Mask = Slots - 1;

    private readonly Slot[] _slots = new Slot[Slots];
    private readonly byte[] _octets = GC.AllocateUninitializedArray<byte>(Slots * SlotOctets, pinned: true);
    private Cursor _written;
    private Cursor _read;

    /// <summary>Nothing is there to be read. The reader's thread.</summary>
    public bool IsEmpty => Volatile.Read(ref _written.Position) == _read.Position;

    /// <summary>How many messages are there to be read. The reader's thread.</summary>
    public int Count => (int)(Volatile.Read(ref _written.Position) - _read.Position);

    /// <summary>Copies a packet. The writer's thread. False = the ring is full.</summary>
    public bool TryWrite(Pipe pipe, int layer, scoped in IncomingRtp packet)
    {
        int length = packet.Payload.Length + ExtensionOctets.Length(packet.Extensions);
        if (length > SlotOctets || !TryRent(out int index))
        {
            return false;
        }

        ref Slot slot = ref _slots[index];
        slot.Kind = PipeMessageKind.Packet;
        slot.Pipe = pipe;
        slot.Layer = (byte)layer;
        slot.Codec = packet.Codec;
        slot.Wide = packet.ExtendedSequence;
        slot.Ssrc = packet.Ssrc;
        slot.Timestamp = packet.Timestamp;
        slot.Marker = packet.Marker;
        slot.StartsKeyFrame = packet.StartsKeyFrame;
        slot.PayloadLength = (ushort)packet.Payload.Length;
        Span<byte> room = _octets.AsSpan(index * SlotOctets, SlotOctets);
        packet.Payload.CopyTo(room);
        slot.Extensions = ExtensionOctets.Write(room[packet.Payload.Length..], packet.Extensions);
        Publish();
        return true;
    }

    /// <summary>The same for a sender report.</summary>
    public bool TryWrite(Pipe pipe, int layer, in SenderClock clock)
    {
        if (!TryRent(out int index))
        {
            return false;
        }

        ref Slot slot = ref _slots[index];
        slot.Kind = PipeMessageKind.SenderReport;
        slot.Pipe = pipe;
        slot.Layer = (byte)layer;
        slot.Wide = clock.Ntp.Value;
        slot.Timestamp = clock.RtpTimestamp;
        slot.Arrival = clock.Arrival;
        Publish();
        return true;
    }

    /// <summary>The same for a key frame request.</summary>
    public bool TryWriteKeyFrameRequest(Pipe pipe, int layer)
    {
        if (!TryRent(out int index))
        {
            return false;
        }

        ref Slot slot = ref _slots[index];
        slot.Kind = PipeMessageKind.KeyFrameRequest;
        slot.Pipe = pipe;
        slot.Layer = (byte)layer;
        Publish();
        return true;
    }

    /// <summary>The oldest message; its slot is in use until <see cref="Release"/>. The reader's thread.</summary>
    public bool TryRead(out PipeMessage message)
    {
        message = default;
        if (IsEmpty)
        {
            return false;
        }

        int index = (int)(_read.Position & Mask);
        ref readonly Slot slot = ref _slots[index];
        message.Kind = slot.Kind;
        message.Pipe = slot.Pipe!;
        message.Layer = slot.Layer;
        switch (slot.Kind)
        {
            case PipeMessageKind.Packet:
                ReadOnlySpan<byte> octets = _octets.AsSpan(index * SlotOctets, SlotOctets);
                message.Packet.Codec = slot.Codec!;
                message.Packet.ExtendedSequence = slot.Wide;
                message.Packet.Ssrc = slot.Ssrc;
                message.Packet.Timestamp = slot.Timestamp;
                message.Packet.Marker = slot.Marker;
                message.Packet.StartsKeyFrame = slot.StartsKeyFrame;
                message.Packet.Payload = octets[..slot.PayloadLength];
                message.Packet.Extensions = slot.Extensions.Read(octets[slot.PayloadLength..]);
                break;
            case PipeMessageKind.SenderReport:
                message.Clock = new SenderClock(new NtpTime(slot.Wide), slot.Timestamp, slot.Arrival);
                break;
        }

        return true;
    }

    /// <summary>Gives the slot that was read back to the writer.</summary>
    public void Release()
    {
        // A track that has ended must not be held by what once went through.
        ref Slot slot = ref _slots[(int)(_read.Position & Mask)];
        slot.Pipe = null;
        slot.Codec = null;
        Volatile.Write(ref _read.Position, _read.Position + 1);
    }

    private bool TryRent(out int index)
    {
        index = (int)(_written.Position & Mask);
        if (_written.Position - _written.Seen < Slots)
        {
            return true;
        }

        // The reader's cursor is on a cache line of its own; it is looked at only when it seems to be in the way.
        _written.Seen = Volatile.Read(ref _read.Position);
        return _written.Position - _written.Seen < Slots;
    }

    private void Publish() => Volatile.Write(ref _written.Position, _written.Position + 1);

    /// <summary>On a cache line of its own, so that the two threads do not slow each other down.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Cursor
    {
        [FieldOffset(128)]
        public long Position;

        /// <summary>What the writer knows of the reader's position.</summary>
        [FieldOffset(136)]
        public long Seen;
    }

    private struct Slot
    {
        public Pipe? Pipe;
        public CodecBinding? Codec;

        /// <summary>A packet's extended sequence number, or a report's NTP time.</summary>
        public ulong Wide;

        public MonoTime Arrival;
        public uint Ssrc;
        public uint Timestamp;
        public ushort PayloadLength;
        public ExtensionOctets Extensions;
        public PipeMessageKind Kind;
        public byte Layer;
        public bool Marker;
        public bool StartsKeyFrame;
    }
}
