using RtcPlatform.Api.HttpSessions;
using RtcPlatform.Identity;

namespace RtcPlatform.Server.Options;

/// <summary>Reads the options from settings files, the environment and the command line, and says at once what is wrong with
/// them.</summary>
internal static class ServerOptionsReader
{
    /// <summary>Short names on the command line.</summary>
    public static readonly IReadOnlyDictionary<string, string> Switches = new Dictionary<string, string>
    {
        ["--database"] = "Database:ConnectionString",
        ["--sdk"] = "Web:SdkFolder",
        ["--demo"] = "Web:DemoFolder",
        ["--development"] = "Development:Enabled",
    };

    /// <summary>Short names in the environment; what is secret comes this way, because anybody can read a command line.</summary>
    public static readonly IReadOnlyDictionary<string, string> Variables = new Dictionary<string, string>
    {
        ["RTC_DATABASE"] = "Database:ConnectionString",
        ["RTC_NODE_SECRET"] = "Media:NodeSecret",
        ["RTC_DATA_KEY"] = "Identity:DataKey",
        ["RTC_DATA_KEY_FILE"] = "Identity:DataKeyFile",
        ["RTC_DEV_API_KEY"] = "Development:ApiKey",
        ["RTC_DEV_API_SECRET"] = "Development:ApiSecret",
    };

    public static void AddSources(ConfigurationManager configuration, string[] arguments)
    {
        configuration.AddInMemoryCollection(Variables
            .Select(pair => KeyValuePair.Create(pair.Value, Environment.GetEnvironmentVariable(pair.Key)))
            .Where(pair => !string.IsNullOrEmpty(pair.Value)));
        configuration.AddCommandLine(arguments, new Dictionary<string, string>(Switches));
        if (configuration["port"] is { Length: > 0 } port)
        {
            string host = configuration["host"] is { Length: > 0 } given ? given : "127.0.0.1";
            configuration["urls"] = $"http://{host}:{port}";
        }
    }

    /// <exception cref="StartFault">An option is missing or out of its range.</exception>
    public static ServerOptions Read(IConfiguration configuration)
    {
        ServerOptions options = new();
        try
        {
            configuration.Bind(options);
        }
        catch (InvalidOperationException problem)
        {
            throw new StartFault(ExitCode.BadOptions, (problem.InnerException ?? problem).Message);
        }

        foreach (string url in options.Signaling.IceServerUrls)
        {
            options.HttpSessions.IceServers.Add(options.Signaling.HasCredentials(url)
                ? new IceServerLink(url, options.Signaling.TurnUsername, options.Signaling.TurnCredential)
                : new IceServerLink(url));
        }

        if (options.Development.Enabled)
        {
            options.Identity.Development = new DevelopmentKeyOptions
            {
                ApiKey = options.Development.ApiKey,
                ApiSecret = options.Development.ApiSecret,
            };
        }

        string[] faults = [.. FindFaults(options)];
        return faults.Length == 0 ? options : throw new StartFault(ExitCode.BadOptions, string.Join("; ", faults));
    }

    private static IEnumerable<string> FindFaults(ServerOptions options)
    {
        IEnumerable<string> faults = [.. options.Identity.FindFaults(), .. options.Signaling.FindFaults(), .. options.HttpSessions.FindFaults()];
        foreach (string fault in faults)
        {
            yield return fault;
        }

        if (string.IsNullOrWhiteSpace(options.Database.ConnectionString))
        {
            yield return "Database:ConnectionString is missing (RTC_DATABASE)";
        }

        if (options.Database.ConnectTimeoutSeconds is < 1 or > 60)
        {
            yield return "Database:ConnectTimeoutSeconds must be 1 to 60";
        }

        if (options.Media.NodeSecret.Length < 16)
        {
            yield return "Media:NodeSecret must have at least 16 characters (RTC_NODE_SECRET)";
        }
    }
}
