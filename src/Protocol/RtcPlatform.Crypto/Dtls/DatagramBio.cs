using System.Runtime.InteropServices;
using RtcPlatform.Crypto.Native;

namespace RtcPlatform.Crypto.Dtls;

/// <summary>
/// A BIO that keeps the boundaries of datagrams: one write is one datagram, one read takes one. OpenSSL's memory BIO runs
/// them together. The SSL object owns it and it owns its queues through a handle, freed with the SSL object.
/// </summary>
internal sealed unsafe class DatagramBio
{
    /// <summary>Largest datagram that leaves (bytes of UDP payload).</summary>
    public const int MaximumDatagram = 1200;

    /// <summary>More than any flight has; a peer that makes us answer without reading cannot grow it further.</summary>
    private const int MaximumQueued = 32;

    private const int FlagsRetryRead = 0x01 | 0x08;
    private const int FlagsRetryAll = 0x0F;

    /// <summary>BIO_CTRL_… of bio.h; everything else answers 0.</summary>
    private const int ControlFlush = 11;
    private const int ControlQueryMtu = 40;
    private const int ControlSetMtu = 42;
    private const int ControlFallbackMtu = 47;
    private const int ControlGetMtuOverhead = 49;

    /// <summary>IPv6 and UDP header.</summary>
    private const int DatagramOverhead = 48;

    private static readonly nint Method = CreateMethod();

    private readonly Queue<byte[]> _outgoing = new();
    private byte* _incoming;
    private int _incomingLength;

    /// <summary>Datagrams that OpenSSL wrote while the queue was full: lost, as on a network; retransmission mends it.</summary>
    public int Overflowed { get; private set; }

    /// <summary>A BIO around new queues; the caller frees <paramref name="owner"/> after the SSL object.</summary>
    public static nint Create(out DatagramBio queues, out GCHandle owner)
    {
        queues = new DatagramBio();
        owner = GCHandle.Alloc(queues);
        var bio = LibCrypto.BIO_new(Method);
        LibCrypto.BIO_set_data(bio, GCHandle.ToIntPtr(owner));
        LibCrypto.BIO_set_init(bio, 1);
        return bio;
    }

    /// <summary>Lends one received datagram; it must be withdrawn before the memory goes.</summary>
    public void Lend(byte* datagram, int length)
    {
        _incoming = datagram;
        _incomingLength = length;
    }

    /// <summary>Whether the lent datagram was not read yet.</summary>
    public bool IsLent => _incoming != null;

    public void Withdraw() => _incoming = null;

    public bool TryTake(Span<byte> destination, out int length)
    {
        length = 0;
        if (!_outgoing.TryPeek(out var datagram))
        {
            return false;
        }

        datagram.CopyTo(destination);
        length = datagram.Length;
        _outgoing.Dequeue();
        return true;
    }

    private static nint CreateMethod()
    {
        fixed (byte* name = "rtc datagram\0"u8)
        {
            var method = LibCrypto.BIO_meth_new(LibCrypto.BIO_get_new_index() | 0x0400, name);
            _ = LibCrypto.BIO_meth_set_write(method, &Write);
            _ = LibCrypto.BIO_meth_set_read(method, &Read);
            _ = LibCrypto.BIO_meth_set_ctrl(method, &Control);
            return method;
        }
    }

    private static DatagramBio QueuesOf(nint bio) => (DatagramBio)GCHandle.FromIntPtr(LibCrypto.BIO_get_data(bio)).Target!;

    [UnmanagedCallersOnly]
    private static int Write(nint bio, byte* data, int length)
    {
        LibCrypto.BIO_clear_flags(bio, FlagsRetryAll);
        var queues = QueuesOf(bio);
        if (queues._outgoing.Count < MaximumQueued)
        {
            queues._outgoing.Enqueue(new ReadOnlySpan<byte>(data, length).ToArray());
        }
        else
        {
            queues.Overflowed++;
        }

        return length;
    }

    [UnmanagedCallersOnly]
    private static int Read(nint bio, byte* buffer, int length)
    {
        LibCrypto.BIO_clear_flags(bio, FlagsRetryAll);
        var queues = QueuesOf(bio);
        if (queues._incoming == null)
        {
            LibCrypto.BIO_set_flags(bio, FlagsRetryRead);
            return -1;
        }

        // A datagram longer than the buffer is cut, as recv does; its last record then fails to parse and is dropped.
        var taken = Math.Min(length, queues._incomingLength);
        Buffer.MemoryCopy(queues._incoming, buffer, length, taken);
        queues._incoming = null;
        return taken;
    }

    [UnmanagedCallersOnly]
    private static CLong Control(nint bio, int command, CLong argument, nint pointer) => command switch
    {
        ControlFlush => new CLong(1),
        ControlQueryMtu or ControlFallbackMtu => new CLong(MaximumDatagram),
        ControlSetMtu => argument,
        ControlGetMtuOverhead => new CLong(DatagramOverhead),
        _ => new CLong(0),
    };
}
