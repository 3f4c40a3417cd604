using System.Runtime.InteropServices;
using static RtcPlatform.Net.Pools.LinuxPoll;
using static RtcPlatform.Net.Udp.LinuxNative;

namespace RtcPlatform.Net.Pools;

/// <summary>The buffers of one recvmmsg, and what the kernel said about each datagram beside its octets.</summary>
internal sealed unsafe class PoolBatch : IDisposable
{
    private const int ControlSize = 128;
    private const int ControlHeader = 16;

    // A coalesced read holds up to 64 KiB; else a slot is a datagram, with slack behind it for wide ciphers.
    private const int CoalescedSlot = 65_536 + 256;
    private const int PlainSlot = 2048;

    private readonly MessageHeader* _headers;
    private readonly byte* _memory;
    private readonly byte* _control;
    private readonly int _capacity;
    private readonly int _slotSize;

    public PoolBatch(int capacity, bool coalesced)
    {
        _capacity = capacity;
        _slotSize = coalesced ? CoalescedSlot : PlainSlot;
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)(capacity * (long)_slotSize), 64);
        _control = (byte*)NativeMemory.AlignedAlloc((nuint)(capacity * ControlSize), 64);
        _headers = (MessageHeader*)NativeMemory.AlignedAlloc((nuint)(capacity * (sizeof(MessageHeader) + sizeof(IoVector))), 64);
        var vectors = (IoVector*)(_headers + capacity);
        for (int i = 0; i < capacity; i++)
        {
            vectors[i] = new IoVector { Data = _memory + ((nint)i * _slotSize), Length = (nuint)(_slotSize - 128) };
            _headers[i] = new MessageHeader { Vectors = vectors + i, VectorCount = 1, Control = _control + (i * ControlSize) };
        }
    }

    /// <returns>How many messages were read; 0 when there is none, or the socket reports an error.</returns>
    public int Read(int descriptor)
    {
        for (int i = 0; i < _capacity; i++)
        {
            _headers[i].ControlLength = ControlSize;
        }

        int count = recvmmsg(descriptor, _headers, (uint)_capacity, MSG_DONTWAIT, null);
        return count < 0 ? 0 : count;
    }

    /// <summary>One message: a datagram, or several of equal size one after the other.</summary>
    /// <param name="arrival">By the kernel, nanoseconds since 1970; 0 = it gave none.</param>
    /// <param name="segment">Octets of each datagram but the last; the whole length when there is one.</param>
    /// <param name="overflow">Datagrams that this socket's full buffer has cost so far; -1 = not said.</param>
    public Span<byte> Message(int index, out long arrival, out int segment, out long overflow)
    {
        ref MessageHeader header = ref _headers[index];
        int length = (int)header.Length;
        arrival = 0;
        segment = length;
        overflow = -1;
        byte* at = (byte*)header.Control;
        byte* end = at + header.ControlLength;
        while (at + ControlHeader <= end)
        {
            var size = (int)*(long*)at;
            int level = *(int*)(at + 8);
            int type = *(int*)(at + 12);
            byte* data = at + ControlHeader;
            if (size < ControlHeader)
            {
                break;
            }

            if (level == SOL_SOCKET && type == SO_TIMESTAMPNS)
            {
                arrival = (((long*)data)[0] * 1_000_000_000) + ((long*)data)[1];
            }
            else if (level == SOL_SOCKET && type == SO_RXQ_OVFL)
            {
                overflow = *(uint*)data;
            }
            else if (level == SOL_UDP && type == UDP_GRO)
            {
                segment = *(int*)data;
            }

            at += (size + 7) & ~7;
        }

        return new Span<byte>(_memory + ((nint)index * _slotSize), length);
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        NativeMemory.AlignedFree(_control);
        NativeMemory.AlignedFree(_headers);
    }
}
