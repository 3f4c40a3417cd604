using System.Net;
using System.Net.Sockets;
using RtcPlatform.Cli.Up;

namespace RtcPlatform.Cli.Tests.Up;

public sealed class PortsTests
{
    [Fact]
    public void Taken_http_port_is_one_line_with_the_way_out()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        int port = ((IPEndPoint)holder.LocalEndpoint).Port;

        var error = Assert.Throws<UpException>(() => Ports.RequireFree(Options(port, Ports.ChooseFree())));

        Assert.Equal(UpException.PortTaken, error.ExitCode);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Contains($"TCP port {port} is taken", error.Message, StringComparison.Ordinal);
        Assert.Contains("--port", error.Message, StringComparison.Ordinal);
        Assert.False(Ports.IsTcpFree(IPAddress.Loopback, port));
    }

    [Fact]
    public void Taken_media_port_is_one_line_with_the_way_out()
    {
        using var holder = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        holder.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)holder.LocalEndPoint!).Port;

        var error = Assert.Throws<UpException>(() => Ports.RequireFree(Options(Ports.ChooseFree(), port)));

        Assert.Equal(UpException.PortTaken, error.ExitCode);
        Assert.Contains($"UDP port {port} is taken", error.Message, StringComparison.Ordinal);
        Assert.Contains("--media-port", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Free_ports_pass() => Ports.RequireFree(Options(Ports.ChooseFree(), Ports.ChooseFree()));

    [Theory]
    [InlineData("localhost")]
    [InlineData("203.0.113.77")]
    public void Host_that_cannot_be_listened_on_is_named(string host)
    {
        var error = Assert.Throws<UpException>(
            () => Ports.RequireFree(Options(Ports.ChooseFree(), Ports.ChooseFree()) with { Host = host }));

        Assert.Equal(UpException.StartFailed, error.ExitCode);
        Assert.Contains(host, error.Message, StringComparison.Ordinal);
    }

    private static UpOptions Options(int port, int mediaPort) => new()
    {
        Port = port,
        MediaPort = mediaPort,
        Host = "127.0.0.1",
        DataFolder = "/",
        ConnectionString = null,
        Layout = Layout.Find(),
    };
}
