using System.Globalization;

namespace RtcPlatform.Cli.Up;

/// <summary>
/// A PostgreSQL of our own in the data folder, listening on a free loopback port with a password. PostgreSQL refuses to
/// run as root: there it runs as the system user <c>postgres</c>, in a folder that this user can reach.
/// </summary>
internal sealed class PrivatePostgres
{
    private const string SystemUser = "postgres";
    private const string DatabaseName = "rtcplatform";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _binaries;
    private readonly string _folder;
    private readonly string _password;
    private readonly bool _asRoot;

    private PrivatePostgres(string binaries, string folder, string password, bool asRoot)
    {
        _binaries = binaries;
        _folder = folder;
        _password = password;
        _asRoot = asRoot;
    }

    public int Port { get; private set; }

    public string Folder => _folder;

    public string ConnectionString => string.Create(
        CultureInfo.InvariantCulture,
        $"Host=127.0.0.1;Port={Port};Username=rtc;Password={_password};Database={DatabaseName};Include Error Detail=false");

    /// <summary>The folder with <c>initdb</c> and <c>pg_ctl</c>, newest version first; null when PostgreSQL is not installed.</summary>
    public static string? FindBinaries()
    {
        const string Debian = "/usr/lib/postgresql";
        IEnumerable<string> versions = Directory.Exists(Debian)
            ? Directory.GetDirectories(Debian).OrderByDescending(static d => int.TryParse(Path.GetFileName(d), out int v) ? v : 0)
            : [];
        string? initdb = Programs.Find("initdb", [.. versions.Select(static v => Path.Combine(v, "bin"))]);
        return initdb is null ? null : Path.GetDirectoryName(initdb);
    }

    /// <exception cref="UpException">PostgreSQL is not there or does not start; the message is one readable line.</exception>
    public static PrivatePostgres Start(string dataFolder, string password)
    {
        string binaries = FindBinaries() ?? throw new UpException(
            UpException.MissingTool,
            "PostgreSQL is not installed; install it (Debian, Ubuntu: sudo apt-get install postgresql) or name one with --database");
        bool asRoot = Environment.IsPrivilegedProcess;
        var postgres = new PrivatePostgres(binaries, ChooseFolder(dataFolder, asRoot), password, asRoot);
        postgres.Initialise();
        postgres.StopFormer();
        postgres.StartServer();
        postgres.CreateDatabase();
        return postgres;
    }

    /// <summary>Disconnects every client and ends (a "fast" shutdown); nothing committed is lost.</summary>
    public void Stop() => RunAsOwner("pg_ctl", ["stop", "-D", _folder, "-m", "fast", "-t", "8"]);

    private static string ChooseFolder(string dataFolder, bool asRoot)
    {
        string inside = Path.Combine(dataFolder, "postgres");
        if (!asRoot)
        {
            return inside;
        }

        if (Programs.Run("id", ["-u", SystemUser], Patience).ExitCode != 0)
        {
            throw new UpException(
                UpException.MissingTool,
                $"running as root needs the system user '{SystemUser}', which the package postgresql makes; install it or use --database");
        }

        // A home folder of root's is closed to others: then the cluster lives where the system keeps such things.
        bool reachable = Programs.Run("setpriv", [.. AsUser, "test", "-x", dataFolder], Patience).ExitCode == 0;
        return reachable
            ? inside
            : Path.Combine("/var/lib/rtcplatform", Convert.ToHexStringLower(
                System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(dataFolder)))[..16]);
    }

    private static string[] AsUser => [$"--reuid={SystemUser}", $"--regid={SystemUser}", "--init-groups", "--"];

    private void Initialise()
    {
        if (File.Exists(Path.Combine(_folder, "PG_VERSION")))
        {
            return;
        }

        Directory.CreateDirectory(_folder);
        if (_asRoot)
        {
            Require(Programs.Run("chown", ["-R", $"{SystemUser}:{SystemUser}", _folder], Patience), "chown");
        }

        string passwordFile = Path.Combine(_folder, "..", $"postgres-{Guid.NewGuid():N}.pw");
        File.WriteAllText(passwordFile, _password);
        try
        {
            if (_asRoot)
            {
                Require(Programs.Run("chown", [SystemUser, passwordFile], Patience), "chown");
            }

            File.SetUnixFileMode(passwordFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            Require(
                RunAsOwner("initdb", ["-D", _folder, "-U", "rtc", "-A", "scram-sha-256", "--pwfile", passwordFile, "-E", "UTF8", "--locale=C"]),
                "initdb");
        }
        finally
        {
            File.Delete(passwordFile);
        }
    }

    /// <summary>One left over by a start that was killed, on the same data.</summary>
    private void StopFormer()
    {
        if (RunAsOwner("pg_ctl", ["status", "-D", _folder]).ExitCode == 0)
        {
            Stop();
        }
    }

    private void StartServer()
    {
        Port = Ports.ChooseFree();
        string log = Path.Combine(_folder, "server.log");
        string options = string.Create(
            CultureInfo.InvariantCulture, $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=100");
        (int exitCode, string output) = RunAsOwner("pg_ctl", ["start", "-D", _folder, "-l", log, "-w", "-t", "50", "-o", options]);
        if (exitCode != 0)
        {
            string lastLine = File.Exists(log) ? File.ReadLines(log).LastOrDefault("") : output;
            throw new UpException(UpException.Database, $"PostgreSQL in {_folder} does not start: {lastLine}");
        }
    }

    private void CreateDatabase()
    {
        string psql = Path.Combine(_binaries, "psql");
        string url = string.Create(CultureInfo.InvariantCulture, $"postgresql://rtc@127.0.0.1:{Port}/postgres");

        // By the environment: arguments can be read by every user of the machine.
        (int ExitCode, string Output) Ask(string sql) => Programs.Run(psql, ["-tAq", url, "-c", sql], Patience, ("PGPASSWORD", _password));
        (int exitCode, string output) = Ask($"select 1 from pg_database where datname = '{DatabaseName}'");
        Require((exitCode, output), "psql");
        if (output != "1")
        {
            Require(Ask($"create database {DatabaseName}"), "create database");
        }
    }

    private (int ExitCode, string Output) RunAsOwner(string program, string[] arguments)
    {
        string path = Path.Combine(_binaries, program);
        return _asRoot
            ? Programs.Run("setpriv", [.. AsUser, path, .. arguments], Patience)
            : Programs.Run(path, arguments, Patience);
    }

    private static void Require((int ExitCode, string Output) result, string program)
    {
        if (result.ExitCode != 0)
        {
            string lastLine = result.Output.Split('\n').LastOrDefault("").Trim();
            throw new UpException(UpException.Database, $"{program} failed: {lastLine}");
        }
    }
}
