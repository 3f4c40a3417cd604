using System.Net;
using System.Net.Sockets;

namespace RtcPlatform.Cli.Up;

/// <summary>Asks for ports before anything is started, so that the answer is one clear line.</summary>
internal static class Ports
{
    public static void RequireFree(UpOptions options)
    {
        IPAddress host = Parse(options.HttpHost);
        if (!IsFree(host, options.Port, SocketType.Stream, ProtocolType.Tcp))
        {
            throw new UpException(
                UpException.PortTaken, $"TCP port {options.Port} is taken on {host}; stop what uses it or choose another with --port");
        }

        host = Parse(options.MediaHost);
        foreach (int port in Enumerable.Range(options.MediaPort, options.Shards))
        {
            if (!IsFree(host, port, SocketType.Dgram, ProtocolType.Udp))
            {
                throw new UpException(
                    UpException.PortTaken, $"UDP port {port} is taken on {host}; choose another with --media-port");
            }
        }
    }

    /// <summary>A TCP port of the loopback address that is free now.</summary>
    public static int ChooseFree()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public static bool IsTcpFree(IPAddress host, int port) => IsFree(host, port, SocketType.Stream, ProtocolType.Tcp);

    private static IPAddress Parse(string host) => IPAddress.TryParse(host, out IPAddress? parsed)
        ? parsed
        : throw new UpException(UpException.StartFailed, $"--host must be an IP address, not '{host}'");

    private static bool IsFree(IPAddress host, int port, SocketType type, ProtocolType protocol)
    {
        using var socket = new Socket(host.AddressFamily, type, protocol);
        try
        {
            // As Kestrel does: a port in TIME_WAIT is free.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, type == SocketType.Stream);
            socket.Bind(new IPEndPoint(host, port));
            if (type == SocketType.Stream)
            {
                socket.Listen(1);
            }

            return true;
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
        catch (SocketException error)
        {
            throw new UpException(UpException.StartFailed, $"cannot listen on {host}:{port}: {error.Message}");
        }
    }
}
