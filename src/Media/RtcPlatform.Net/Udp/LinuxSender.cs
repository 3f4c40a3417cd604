using System.Runtime.InteropServices;
using RtcPlatform.Wire.Muxing;
using static RtcPlatform.Net.Udp.LinuxNative;

namespace RtcPlatform.Net.Udp;

/// <summary>
/// Sends a batch with sendmmsg. Neighbouring datagrams to one address that are equally long (the last may be shorter) go
/// down the network stack as one message that the kernel cuts up again (UDP_SEGMENT, udp(7)): the walk through the stack is
/// what sending costs, and four datagrams then cost about as much as one.
/// </summary>
internal sealed unsafe class LinuxSender : IDisposable
{
    // Older kernels take no more (UDP_MAX_SEGMENTS); the octets are those of the longest IPv4 datagram.
    private const int MostSegments = 64;
    private const int MostOctets = 65_507;

    // A full send buffer drains within a fraction of this; longer would hold up the peers whose datagrams still arrive.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(2);

    private readonly int _descriptor;
    private readonly ushort _family;
    private readonly MessageHeader* _messages;
    private readonly IoVector* _vectors;
    private readonly SocketName* _names;
    private readonly SegmentControl* _controls;
    private bool _segments;

    public LinuxSender(int descriptor, ushort family, UdpPortOptions options)
    {
        _descriptor = descriptor;
        _family = family;
        int capacity = options.SendBatch;
        nuint perSlot = (nuint)(sizeof(MessageHeader) + sizeof(IoVector) + sizeof(SocketName) + sizeof(SegmentControl));
        nuint size = perSlot * (nuint)capacity;
        _messages = (MessageHeader*)NativeMemory.AlignedAlloc(size, 64);
        NativeMemory.Clear(_messages, size);
        _vectors = (IoVector*)(_messages + capacity);
        _names = (SocketName*)(_vectors + capacity);
        _controls = (SegmentControl*)(_names + capacity);
        for (int index = 0; index < capacity; index++)
        {
            _messages[index].Name = _names + index;
            _messages[index].Vectors = _vectors + index;
            _messages[index].VectorCount = 1;
            _controls[index] = new SegmentControl { ControlLength = SegmentControl.Length, Level = SOL_UDP, Type = UDP_SEGMENT };
        }

        _segments = options.Segmentation && IsSegmentationKnown();
    }

    public int Send(SendBatch batch, DropCounters drops)
    {
        int messages = Prepare(batch, drops);
        int next = 0;
        bool waited = false;
        while (next < messages)
        {
            int sent = sendmmsg(_descriptor, _messages + next, (uint)(messages - next), MSG_DONTWAIT);
            if (sent > 0)
            {
                next += sent;
                continue;
            }

            int error = Marshal.GetLastPInvokeError();
            if (error == EINTR)
            {
                continue;
            }

            if (error == EAGAIN && !waited)
            {
                waited = true;
                WaitForRoom();
                continue;
            }

            if (error == EAGAIN)
            {
                drops.Count(DropReason.SendError, DatagramsFrom(next, messages));
                break;
            }

            // sendmmsg reports the error of its first entry only: that one is sent otherwise or skipped.
            drops.Count(DropReason.SendError, SendSingly(_messages + next, error));
            next++;
        }

        return messages;
    }

    public void Dispose() => NativeMemory.AlignedFree(_messages);

    private bool IsSegmentationKnown()
    {
        int value = 0;
        uint length = sizeof(int);
        return getsockopt(_descriptor, SOL_UDP, UDP_SEGMENT, &value, &length) == 0;
    }

    private int Prepare(SendBatch batch, DropCounters drops)
    {
        int messages = 0;
        int slot = 0;
        while (slot < batch.Count)
        {
            ref MessageHeader message = ref _messages[messages];
            (int run, int octets) = _segments ? RunFrom(batch, slot) : (1, batch.Length(slot));
            message.NameLength = LinuxAddress.Write(batch.Address(slot), _family, out *message.Name);
            if (message.NameLength == 0)
            {
                drops.Count(DropReason.SendError, (ulong)run);
                slot += run;
                continue;
            }

            _vectors[messages] = new IoVector { Data = batch.Pointer(slot), Length = (nuint)octets };
            message.Control = run > 1 ? _controls + messages : null;
            message.ControlLength = run > 1 ? (nuint)sizeof(SegmentControl) : 0;
            _controls[messages].SegmentSize = (ushort)batch.Length(slot);
            slot += run;
            messages++;
        }

        return messages;
    }

    /// <summary>How many slots from this one on may go as one message, and their octets.</summary>
    private static (int Run, int Octets) RunFrom(SendBatch batch, int slot)
    {
        int segment = batch.Length(slot);
        int octets = segment;
        int run = 1;
        while (slot + run < batch.Count && run < MostSegments)
        {
            int length = batch.Length(slot + run);
            if (length > segment || octets + length > MostOctets || batch.Address(slot + run) != batch.Address(slot))
            {
                break;
            }

            octets += length;
            run++;
            if (length < segment)
            {
                break;
            }
        }

        return (run, octets);
    }

    /// <returns>How many datagrams of the refused message were lost.</returns>
    private ulong SendSingly(MessageHeader* message, int error)
    {
        if (message->Control == null)
        {
            return 1;
        }

        ulong lost = 0;
        nuint segment = ((SegmentControl*)message->Control)->SegmentSize;
        for (nuint at = 0; at < message->Vectors->Length; at += segment)
        {
            nuint length = Math.Min(segment, message->Vectors->Length - at);
            nint sent = sendto(
                _descriptor, (byte*)message->Vectors->Data + at, length, MSG_DONTWAIT, message->Name, message->NameLength);
            lost += sent < 0 ? 1UL : 0;
        }

        // Some devices and tunnels cannot be given segments (EIO: no checksum offload; EINVAL: not at all): not tried again.
        // Anything else (EMSGSIZE: the path's MTU; an address that nothing can be sent to) concerns this destination only.
        _segments &= lost > 0 || error is not (EIO or EINVAL);
        return lost;
    }

    private ulong DatagramsFrom(int message, int end)
    {
        ulong count = 0;
        for (; message < end; message++)
        {
            MessageHeader* header = _messages + message;
            nuint segment = header->Control == null ? header->Vectors->Length : ((SegmentControl*)header->Control)->SegmentSize;
            count += (header->Vectors->Length + segment - 1) / segment;
        }

        return count;
    }

    private void WaitForRoom()
    {
        var entry = new PollEntry { Descriptor = _descriptor, Events = POLLOUT };
        TimeSpec wait = LinuxUdp.ToTimeSpec(LongestWait);
        _ = ppoll(&entry, 1, &wait, null);
    }
}
