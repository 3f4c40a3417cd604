using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Npgsql;

namespace RtcPlatform.TestKit.Postgres;

/// <summary>A PostgreSQL of the test's own: a fresh cluster in a temporary folder, on loopback, gone afterwards. Fast rather
/// than durable.</summary>
/// <remarks>PostgreSQL refuses to run as root, so root runs it as the user <c>postgres</c>.</remarks>
public sealed partial class PostgresServer : IAsyncDisposable
{
    private const int SigInt = 2; // "fast shutdown": sessions are ended, nothing is waited for
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder;
    private readonly int _port;
    private Process? _process;
    private int _databases;

    private PostgresServer(string folder, int port)
    {
        _folder = folder;
        _port = port;
    }

    public static async Task<PostgresServer> Start()
    {
        string folder = Directory.CreateTempSubdirectory("rtc-pg-").FullName;
        PostgresServer server = new(folder, FreePort());
        await Run("chmod", "0777", folder);
        await Run([.. AsOwner, Binary("initdb"), "-D", server.DataFolder, "-U", "rtc", "-A", "trust", "-E", "UTF8", "--no-sync"]);
        await server.StartProcess();
        return server;
    }

    private string DataFolder => Path.Combine(_folder, "data");

    private static string[] AsOwner =>
        Environment.UserName == "root" ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];

    /// <summary>Npgsql's connection string of a new, empty database.</summary>
    public async Task<string> CreateDatabase()
    {
        string name = $"test_{Interlocked.Increment(ref _databases)}";
        await using NpgsqlConnection connection = new(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using NpgsqlCommand create = new($"CREATE DATABASE {name}", connection);
        await create.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    /// <summary>The server goes away; its data stays.</summary>
    public async Task Stop()
    {
        if (_process is { HasExited: false } process)
        {
            _ = Kill(process.Id, SigInt);
            await process.WaitForExitAsync(new CancellationTokenSource(Patience).Token);
        }

        _process?.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        NpgsqlConnection.ClearAllPools();
        await Run([.. AsOwner, "rm", "-rf", DataFolder]);
        Directory.Delete(_folder, recursive: true);
    }

    private string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={_port};Username=rtc;Database={database};Maximum Pool Size=10";

    private async Task StartProcess()
    {
        Process process = Begin([.. AsOwner, Binary("postgres"), "-D", DataFolder, "-p", $"{_port}", "-k", _folder, "-h", "127.0.0.1",
            "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "shared_buffers=16MB",
            "-c", "max_connections=60"]);
        TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        List<string> lines = [];
        process.ErrorDataReceived += (_, line) =>
        {
            lock (lines)
            {
                lines.Add(line.Data ?? "(ended)");
            }

            if (line.Data is null)
            {
                ready.TrySetException(new InvalidOperationException($"PostgreSQL did not start: {string.Join('\n', lines)}"));
            }
            else if (line.Data.Contains("ready to accept connections", StringComparison.Ordinal))
            {
                ready.TrySetResult();
            }
        };
        process.BeginErrorReadLine();
        _process = process;
        await ready.Task.WaitAsync(Patience);
    }

    private static Process Begin(string[] command)
    {
        ProcessStartInfo start = new(command[0]) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = "/" };
        start.Environment["LC_ALL"] = "C";
        foreach (string argument in command[1..])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start");
    }

    private static async Task Run(params string[] command)
    {
        using Process process = Begin(command);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)}: {errors}");
        }
    }

    private static string Binary(string name) =>
        Directory.Exists("/usr/lib/postgresql")
            && Directory.GetDirectories("/usr/lib/postgresql")
                .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out int version) ? version : 0)
                .Select(folder => Path.Combine(folder, "bin", name))
                .FirstOrDefault(File.Exists) is { } found
            ? found
            : throw new FileNotFoundException($"no {name} in /usr/lib/postgresql/*/bin: install the package postgresql");

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
