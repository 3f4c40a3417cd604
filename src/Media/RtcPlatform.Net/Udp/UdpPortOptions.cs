namespace RtcPlatform.Net.Udp;

/// <summary>How a <see cref="UdpPort"/> talks to the system.</summary>
public sealed record UdpPortOptions
{
    /// <summary>Datagrams per receive call, 1 to 1024. More saves system calls under load and costs 2 KiB each.</summary>
    public int ReceiveBatch { get; init; } = 64;

    /// <summary>Datagrams collected before a flush happens by itself, 1 to 1024; earlier when they fill 256 KiB.</summary>
    public int SendBatch { get; init; } = 256;

    /// <summary>
    /// Whether neighbouring datagrams to one address may go down the stack as one message (UDP_SEGMENT), where the kernel
    /// can. Off costs about twice the time per datagram sent.
    /// </summary>
    public bool Segmentation { get; init; } = true;

    /// <summary>
    /// Octets asked for with SO_RCVBUF and SO_SNDBUF. The kernel may grant less (net.core.rmem_max, wmem_max): see
    /// <see cref="UdpPort.ReceiveBufferSize"/>.
    /// </summary>
    public int SocketBuffer { get; init; } = 4 * 1024 * 1024;

    /// <summary>Which system interface is used.</summary>
    public UdpBackend Backend { get; init; } = UdpBackend.BestAvailable;
}

/// <summary>The system interface below a <see cref="UdpPort"/>.</summary>
public enum UdpBackend
{
    /// <summary>Batched system calls on 64-bit Linux, else portable sockets.</summary>
    BestAvailable,

    /// <summary>recvmmsg, sendmmsg, ppoll and eventfd; 64-bit Linux only.</summary>
    LinuxBatches,

    /// <summary>System.Net.Sockets, one system call per datagram.</summary>
    Portable,
}
