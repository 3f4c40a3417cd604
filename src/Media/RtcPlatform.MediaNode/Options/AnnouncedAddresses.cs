using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using RtcPlatform.Wire.Numbers;

namespace RtcPlatform.MediaNode.Options;

/// <summary>Which addresses go into ICE candidates.</summary>
public static class AnnouncedAddresses
{
    /// <summary>Those that were ordered; else the bound one; else all of this machine's, loopback last.</summary>
    public static ImmutableArray<TransportAddress> For(NodeOptions options, IPEndPoint bound)
    {
        IEnumerable<IPAddress> addresses = !options.Announce.IsEmpty
            ? options.Announce
            : bound.Address.Equals(IPAddress.Any) || bound.Address.Equals(IPAddress.IPv6Any)
                ? OfInterfaces(bound.AddressFamily)
                : [bound.Address];
        return [.. addresses.Select(address => TransportAddress.From(new IPEndPoint(address, bound.Port)))];
    }

    private static IEnumerable<IPAddress> OfInterfaces(AddressFamily family) =>
        NetworkInterface.GetAllNetworkInterfaces()
            .Where(static network => network.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
            .SelectMany(static network => network.GetIPProperties().UnicastAddresses)
            .Select(static unicast => unicast.Address)
            .Where(address => address.AddressFamily == AddressFamily.InterNetwork
                || (family == AddressFamily.InterNetworkV6 && !address.IsIPv6LinkLocal))
            .Distinct()
            .OrderBy(static address => IPAddress.IsLoopback(address));
}
