using System.Globalization;

namespace RtcPlatform.Cli.Up;

/// <summary>How the server and the media node are called: their arguments, and what only they may know in the environment.</summary>
internal sealed class Launch(UpOptions options, DevFile dev)
{
    public ChildProcess Server(Action exited) => Start(
        "server",
        options.Layout.ServerDll,
        [
            "--urls", string.Create(CultureInfo.InvariantCulture, $"http://{options.HttpHost}:{options.Port}"),
            "--sdk", options.Layout.SdkFolder,
            "--demo", options.Layout.DemoFolder,
            "--development", "true",
        ],
        new Dictionary<string, string>
        {
            ["RTC_DATABASE"] = dev.ConnectionString!,
            ["RTC_NODE_SECRET"] = dev.NodeSecret,
            ["RTC_DATA_KEY"] = dev.DataKey,
            ["RTC_DEV_API_KEY"] = dev.ApiKey,
            ["RTC_DEV_API_SECRET"] = dev.ApiSecret,
        },
        exited);

    public ChildProcess MediaNode(Action exited) => Start(
        "node",
        options.Layout.MediaNodeDll,
        [
            "--server", string.Create(CultureInfo.InvariantCulture, $"ws{options.Url[4..]}/node"),
            "--host", options.MediaHost,
            "--media-port", options.MediaPort.ToString(CultureInfo.InvariantCulture),
            "--shards", options.Shards.ToString(CultureInfo.InvariantCulture),
            "--shard-capacity", options.ShardCapacity.ToString(CultureInfo.InvariantCulture),
            "--node-id", "local-1",
            .. options.Announce is { } announce ? (string[])["--announce", announce] : [],
            .. options.SrtpProfiles is { } profiles ? (string[])["--srtp-profiles", profiles] : [],
        ],
        new Dictionary<string, string> { ["RTC_NODE_SECRET"] = dev.NodeSecret },
        exited);

    private ChildProcess Start(string name, string dll, IEnumerable<string> arguments, Dictionary<string, string> environment, Action exited)
    {
        ChildProcess child = ChildProcess.Start(
            name,
            Path.Combine(options.DataFolder, "logs", name + ".log"),
            Environment.ProcessPath is { } dotnet && Path.GetFileNameWithoutExtension(dotnet) == "dotnet" ? dotnet : "dotnet",
            [dll, .. arguments],
            environment,
            exited);
        File.WriteAllText(
            Path.Combine(options.DataFolder, "run", name + ".pid"), child.Id.ToString(CultureInfo.InvariantCulture) + "\n");
        return child;
    }
}
