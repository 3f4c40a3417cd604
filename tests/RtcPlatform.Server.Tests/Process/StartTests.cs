using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace RtcPlatform.Server.Tests.Process;

/// <summary>The server as its own process: what a person or a script sees when it cannot start.</summary>
public sealed class StartTests(RunningServer server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_database_that_is_not_there_is_one_line_and_exit_code_2()
    {
        (int code, string errors) = await Run("Host=127.0.0.1;Port=1;Username=u;Password=hidden;Database=d");

        Assert.Equal(2, code);
        Assert.Contains("127.0.0.1:1", Assert.Single(Lines(errors)), StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("Database=d")]
    [InlineData("")]
    public async Task A_connection_string_that_cannot_be_read_is_one_line_and_exit_code_2(string connectionString)
    {
        (int code, string errors) = await Run(connectionString);

        Assert.Equal(2, code);
        Assert.StartsWith("rtc-server: ", Assert.Single(Lines(errors)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_one_line_and_exit_code_3()
    {
        using Socket taken = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        int port = ((IPEndPoint)taken.LocalEndPoint!).Port;

        (int code, string errors) = await Run(await server.Postgres.CreateDatabase(), "--port", $"{port}");

        Assert.Equal(3, code);
        Assert.Contains($"port {port} is taken", Assert.Single(Lines(errors)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_options_are_all_named_in_one_line()
    {
        (int code, string errors) = await Run(
            "Host=127.0.0.1;Port=1", "--Signaling:JoinDeadlineSeconds", "0", "--Media:NodeSecret", "short");

        string line = Assert.Single(Lines(errors));
        Assert.Equal(2, code);
        Assert.Contains("Signaling:JoinDeadlineSeconds", line, StringComparison.Ordinal);
        Assert.Contains("Media:NodeSecret", line, StringComparison.Ordinal);
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<(int Code, string Errors)> Run(string database, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardError = true, RedirectStandardOutput = true };
        string[] all = [Path.Combine(AppContext.BaseDirectory, "RtcPlatform.Server.dll"), "--urls", "http://127.0.0.1:0", .. arguments];
        foreach (string argument in all)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["RTC_DATABASE"] = database;
        start.Environment["RTC_NODE_SECRET"] = "node-secret-of-the-tests";
        start.Environment["RTC_DATA_KEY"] = Convert.ToBase64String(new byte[32]);
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource limit = new(Patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"the server did not end: {await output} {await errors}");
        }

        await output;
        return (process.ExitCode, await errors);
    }
}
