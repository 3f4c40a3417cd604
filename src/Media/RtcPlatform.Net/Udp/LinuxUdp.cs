using System.Net.Sockets;
using System.Runtime.InteropServices;
using RtcPlatform.Wire.Muxing;
using RtcPlatform.Wire.Numbers;
using static RtcPlatform.Net.Udp.LinuxNative;

namespace RtcPlatform.Net.Udp;

/// <summary>
/// Batched system calls. A read is tried before any waiting, so that a busy port pays one system call per batch; an idle one
/// waits in ppoll on the socket and on an eventfd, so that it can be woken.
/// </summary>
internal sealed unsafe class LinuxUdp : IUdpSystem
{
    private readonly Socket _socket;
    private readonly int _descriptor;
    private readonly int _wake;
    private readonly ushort _family;
    private readonly MessageHeader* _receiveHeaders;
    private readonly LinuxSender _sender;
    private readonly int _receiveCapacity;
    private bool _receiveReady;

    public LinuxUdp(Socket socket, UdpPortOptions options)
    {
        _socket = socket;
        _descriptor = (int)socket.Handle;
        _family = socket.AddressFamily == AddressFamily.InterNetworkV6 ? AF_INET6 : AF_INET;
        _receiveCapacity = options.ReceiveBatch;
        ForceBuffers(options.SocketBuffer);
        _receiveHeaders = AllocateHeaders(options.ReceiveBatch);
        _sender = new LinuxSender(_descriptor, _family, options);
        _wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (_wake < 0)
        {
            throw new SocketException((int)SocketError.TooManyOpenSockets);
        }
    }

    public void Receive(ReceiveBatch batch, TimeSpan timeout, DropCounters drops)
    {
        PrepareReceive(batch);
        int count = recvmmsg(_descriptor, _receiveHeaders, (uint)_receiveCapacity, MSG_DONTWAIT, null);
        if (count < 0)
        {
            if (timeout == TimeSpan.Zero || !WaitForDatagram(timeout))
            {
                return;
            }

            count = recvmmsg(_descriptor, _receiveHeaders, (uint)_receiveCapacity, MSG_DONTWAIT, null);
        }

        for (int slot = 0; slot < count; slot++)
        {
            ref MessageHeader header = ref _receiveHeaders[slot];
            if ((header.Flags & MSG_TRUNC) != 0 || header.Length > ReceiveBatch.LongestDatagram)
            {
                drops.Count(DropReason.DatagramTooLarge);
            }
            else
            {
                batch.Add(slot, (int)header.Length, LinuxAddress.Read(*header.Name));
            }

            header.NameLength = (uint)sizeof(SocketName);
            header.Flags = 0;
        }
    }

    public int Send(SendBatch batch, DropCounters drops) => _sender.Send(batch, drops);

    public bool TrySend(in TransportAddress to, ReadOnlySpan<byte> datagram)
    {
        uint nameLength = LinuxAddress.Write(to, _family, out SocketName name);
        if (nameLength == 0)
        {
            return false;
        }

        fixed (byte* data = datagram)
        {
            nint sent;
            do
            {
                sent = sendto(_descriptor, data, (nuint)datagram.Length, MSG_DONTWAIT, &name, nameLength);
            }
            while (sent < 0 && Marshal.GetLastPInvokeError() == EINTR);
            return sent == datagram.Length;
        }
    }

    public void Wake()
    {
        ulong one = 1;

        // Fails only when the counter is full, and then the reader is woken anyway.
        _ = write(_wake, &one, sizeof(ulong));
    }

    public void Dispose()
    {
        _ = close(_wake);
        NativeMemory.AlignedFree(_receiveHeaders);
        _sender.Dispose();
        GC.KeepAlive(_socket);
    }

    // Past net.core.rmem_max and wmem_max where CAP_NET_ADMIN allows it; elsewhere the sizes that were granted stay.
    private void ForceBuffers(int octets)
    {
        _ = setsockopt(_descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &octets, sizeof(int));
        _ = setsockopt(_descriptor, SOL_SOCKET, SO_SNDBUFFORCE, &octets, sizeof(int));
    }

    /// <summary>One block: the headers, then their vectors, then their names; each header already points to its own.</summary>
    private static MessageHeader* AllocateHeaders(int count)
    {
        nuint perSlot = (nuint)(sizeof(MessageHeader) + sizeof(IoVector) + sizeof(SocketName));
        nuint size = perSlot * (nuint)count;
        var headers = (MessageHeader*)NativeMemory.AlignedAlloc(size, 64);
        NativeMemory.Clear(headers, size);
        var vectors = (IoVector*)(headers + count);
        var names = (SocketName*)(vectors + count);
        for (int index = 0; index < count; index++)
        {
            headers[index].Vectors = vectors + index;
            headers[index].VectorCount = 1;
            headers[index].Name = names + index;
            headers[index].NameLength = (uint)sizeof(SocketName);
        }

        return headers;
    }

    private void PrepareReceive(ReceiveBatch batch)
    {
        if (_receiveReady)
        {
            return;
        }

        for (int slot = 0; slot < _receiveCapacity; slot++)
        {
            _receiveHeaders[slot].Vectors->Data = batch.Memory.Pointer(slot);
            _receiveHeaders[slot].Vectors->Length = ReceiveBatch.LongestDatagram + 1;
        }

        _receiveReady = true;
    }

    /// <returns>True when the socket is readable; false when the time is over or <see cref="Wake"/> was called.</returns>
    private bool WaitForDatagram(TimeSpan timeout)
    {
        PollEntry* entries = stackalloc PollEntry[2];
        entries[0] = new PollEntry { Descriptor = _descriptor, Events = POLLIN };
        entries[1] = new PollEntry { Descriptor = _wake, Events = POLLIN };
        TimeSpec wait = ToTimeSpec(timeout);
        if (ppoll(entries, 2, &wait, null) <= 0)
        {
            return false;
        }

        if (entries[1].Returned != 0)
        {
            ulong calls;
            _ = read(_wake, &calls, sizeof(ulong));
        }

        return entries[0].Returned != 0;
    }

    internal static TimeSpec ToTimeSpec(TimeSpan span) => new()
    {
        Seconds = span.Ticks / TimeSpan.TicksPerSecond,
        Nanoseconds = span.Ticks % TimeSpan.TicksPerSecond * 100,
    };
}
