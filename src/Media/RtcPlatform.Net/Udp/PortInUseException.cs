using System.Net;

namespace RtcPlatform.Net.Udp;

/// <summary>Another socket holds the address that a port was to be bound to. The message is one line for a person.</summary>
public sealed class PortInUseException(IPEndPoint endPoint, Exception cause)
    : IOException($"UDP port {endPoint.Port} on {endPoint.Address} is already in use by another program", cause)
{
    public IPEndPoint EndPoint { get; } = endPoint;
}
