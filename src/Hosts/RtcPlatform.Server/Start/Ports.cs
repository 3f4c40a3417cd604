using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using RtcPlatform.Server.Options;

namespace RtcPlatform.Server.Start;

/// <summary>Looks whether the addresses are free before anything is begun: Kestrel would say so last, and with a stack
/// trace.</summary>
internal static class Ports
{
    /// <exception cref="StartFault">An address is taken, or is none.</exception>
    public static void RequireFree(IConfiguration configuration)
    {
        foreach (string url in (configuration["urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            BindingAddress address = Parse(url);
            if (address is { IsUnixPipe: false, Port: > 0 })
            {
                RequireFree(IpOf(address.Host), address.Port, url);
            }
        }
    }

    private static BindingAddress Parse(string url)
    {
        try
        {
            return BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            throw new StartFault(ExitCode.BadOptions, $"'{url}' is no address to listen on, such as http://127.0.0.1:7880");
        }
    }

    private static void RequireFree(IPAddress address, int port, string url)
    {
        try
        {
            using Socket probe = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(address, port));
            probe.Listen();
        }
        catch (SocketException fault)
        {
            throw new StartFault(ExitCode.PortTaken, fault.SocketErrorCode == SocketError.AddressAlreadyInUse
                ? $"port {port} is taken; choose another with --port"
                : $"cannot listen on {url}: {fault.Message}");
        }
    }

    // Kestrel's reading of a host: localhost is loopback, what is no address is every interface.
    private static IPAddress IpOf(string host) =>
        IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) ? address
        : string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
        : IPAddress.Any;
}
