namespace RtcPlatform.Net.Pools;

/// <summary>How a <see cref="UdpPool"/> is made.</summary>
public sealed record UdpPoolOptions
{
    /// <summary>Sockets that may be open at once.</summary>
    public required int Capacity { get; init; }

    /// <summary>Messages per system call, 1 to 1024.</summary>
    public int ReceiveBatch { get; init; } = 32;

    /// <summary>Octets asked for with SO_RCVBUF and SO_SNDBUF for each socket.</summary>
    public int SocketBuffer { get; init; } = 1024 * 1024;

    /// <summary>
    /// Let the kernel hand over runs of equal datagrams as one (UDP_GRO, Linux 5.0): cheaper when the sender used
    /// UDP_SEGMENT, and the sender's side no longer pays for taking such a run apart.
    /// </summary>
    public bool Coalesce { get; init; }
}
