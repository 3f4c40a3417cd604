using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using RtcPlatform.Crypto.Dtls;
using RtcPlatform.MediaNode.Options;
using RtcPlatform.MediaNode.Tests.Control;
using RtcPlatform.MediaNode.Tests.Loopback;

namespace RtcPlatform.MediaNode.Tests.Options;

/// <summary>The program as it is deployed.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task A_port_in_use_is_one_line_and_exit_code_3()
    {
        using var holder = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        holder.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)holder.LocalEndPoint!).Port;
        using Process process = Start($"--server ws://127.0.0.1:1/node --host 127.0.0.1 --media-port {port}");
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(3, process.ExitCode);
        Assert.Equal($"media node: UDP port {port} on 127.0.0.1 is already in use by another program", errors.Trim());
    }

    [Fact]
    public async Task SIGTERM_ends_it_in_order_though_no_server_is_there()
    {
        using Process process = Start("--server ws://127.0.0.1:1/node --host 127.0.0.1 --media-port 0");
        string? first = await process.StandardOutput.ReadLineAsync();
        Assert.Contains("forwards media on 127.0.0.1:", first, StringComparison.Ordinal);
        using (Process kill = Process.Start("kill", $"-TERM {process.Id}"))
        {
            await kill.WaitForExitAsync();
        }

        string rest = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        Assert.Contains("has stopped", rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SIGTERM_says_goodbye_to_connected_clients_and_ends_with_0()
    {
        await using var server = new ControlServer();
        using Process process = Start($"--server {server.Address} --host 127.0.0.1 --media-port 0", ControlServer.Secret);
        var node = new ControlledNode(server);
        await node.HelloAsync();
        using LoopbackClient publisher = await node.PublisherAsync();
        (LoopbackClient subscriber, _, _, _) = await node.SubscriberAsync();
        using LoopbackClient receiver = subscriber;
        using (Process kill = Process.Start("kill", $"-TERM {process.Id}"))
        {
            await kill.WaitForExitAsync();
        }

        node.Pump(() => publisher.DtlsState == DtlsState.Closed && receiver.DtlsState == DtlsState.Closed, publisher, receiver);
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        Assert.Contains("has stopped", output, StringComparison.Ordinal);
    }

    private static Process Start(string arguments, string secret = "secret")
    {
        string program = Path.Combine(AppContext.BaseDirectory, "RtcPlatform.MediaNode.dll");
        var start = new ProcessStartInfo("dotnet", $"\"{program}\" {arguments}")
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment[NodeOptionsParser.SecretVariable] = secret;
        return Process.Start(start)!;
    }
}
