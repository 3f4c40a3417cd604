using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using RtcPlatform.Cli.Up;

namespace RtcPlatform.Cli.Tests.Doctor;

public sealed class DoctorTests
{
    [Fact]
    public async Task Folder_without_a_platform_fails_with_what_to_do_as_json()
    {
        using var data = new TemporaryFolder();

        (int exitCode, string output, string errors) = await RtcProcess.Run("doctor", "--json", "--data", data.Path);

        Assert.Equal((1, ""), (exitCode, errors));
        using JsonDocument report = JsonDocument.Parse(output);
        Assert.False(report.RootElement.GetProperty("ok").GetBoolean());
        JsonElement[] findings = [.. report.RootElement.GetProperty("findings").EnumerateArray()];
        Assert.Equal(
            [".NET", "libssl", "CPU", "UDP buffers", "UDP segmentation", "PostgreSQL", "platform"],
            findings.Select(static f => f.GetProperty("check").GetString()));
        Assert.Equal("ok", findings[0].GetProperty("verdict").GetString());
        Assert.Equal("fail", findings[^1].GetProperty("verdict").GetString());
        Assert.Contains("./run", findings[^1].GetProperty("advice").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Port_held_by_a_stranger_is_told_apart_from_a_server_that_is_down()
    {
        using var data = new TemporaryFolder();
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        using var refusing = new CancellationTokenSource();
        Task stranger = HangUp(holder, refusing.Token);
        DevFile.CreateOrRead(data.Path, $"http://127.0.0.1:{((IPEndPoint)holder.LocalEndpoint).Port}");

        (int exitCode, string output, _) = await RtcProcess.Run("doctor", "--data", data.Path);
        await refusing.CancelAsync();
        await stranger;

        Assert.Equal(1, exitCode);
        string[] lines = output.Split('\n');
        Assert.Contains(lines, static l => l.StartsWith("FAIL port ", StringComparison.Ordinal) && l.Contains("another program", StringComparison.Ordinal));
        Assert.Contains(lines, static l => l.StartsWith("FAIL server ", StringComparison.Ordinal) && l.Contains("./run", StringComparison.Ordinal));
    }

    private static async Task HangUp(TcpListener listener, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                (await listener.AcceptTcpClientAsync(cancellation)).Dispose();
            }
        }
        catch (OperationCanceledException)
        {
            listener.Stop();
        }
    }
}
