using System.CommandLine;

namespace RtcPlatform.Cli.Up;

/// <summary><c>rtc up</c>: PostgreSQL, server and media node on this machine, kept alive until Ctrl-C.</summary>
internal static class UpCommand
{
    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "TCP port of HTTP and signaling.", DefaultValueFactory = static _ => 7880 };
        var mediaPort = new Option<int>("--media-port") { Description = "UDP port of the media node.", DefaultValueFactory = static _ => 7882 };
        var host = new Option<string?>("--host")
        {
            Description = "IP address to listen on and to announce; default: HTTP on 127.0.0.1, media on all addresses of this machine.",
        };
        var announce = new Option<string?>("--announce")
        {
            Description = "IP addresses that clients are told for media, such as the public one of a NAT; separated by commas.",
        };
        Option<string> data = DataFolder.Option();
        var database = new Option<string?>("--database")
        {
            Description = "Connection string of a PostgreSQL of your own (also RTC_DATABASE); default: a private one in the data folder.",
            DefaultValueFactory = static _ => Environment.GetEnvironmentVariable("RTC_DATABASE"),
        };
        var profiles = new Option<string?>("--srtp-profiles")
        {
            Description = "SRTP profiles that the media node accepts, favourite first; default: all three.",
        };
        Option<int> shards = Number(
            "--shards", "Threads of the media node that forward, each with a UDP port of its own, from --media-port up.", 1, 1, 64);
        Option<int> capacity = Number(
            "--shard-capacity", "Packets per second, in and out, that each of them takes on; more is refused.", 100_000, 1_000, 10_000_000);
        port.Validators.Add(static r => RequirePort(r, "--port"));
        mediaPort.Validators.Add(static r => RequirePort(r, "--media-port"));
        var command = new Command("up", "Start everything on this machine and keep it running.")
        {
            port, mediaPort, host, announce, data, database, profiles, shards, capacity,
        };
        command.SetAction(result => UpRun.Run(
            new UpOptions
            {
                Port = result.GetValue(port),
                MediaPort = result.GetValue(mediaPort),
                Host = result.GetValue(host),
                Announce = result.GetValue(announce),
                DataFolder = Path.GetFullPath(result.GetValue(data)!),
                ConnectionString = result.GetValue(database) is { Length: > 0 } connection ? connection : null,
                Shards = result.GetValue(shards),
                ShardCapacity = result.GetValue(capacity),
                SrtpProfiles = result.GetValue(profiles),
                Layout = Layout.Find(),
            },
            Console.Out,
            Console.Error));
        return command;
    }

    private static Option<int> Number(string name, string description, int otherwise, int least, int most)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => otherwise };
        option.Validators.Add(r =>
        {
            if (r.Tokens.Count == 1 && (!int.TryParse(r.Tokens[0].Value, out int number) || number < least || number > most))
            {
                r.AddError($"{name} must be {least} to {most}, not '{r.Tokens[0].Value}'");
            }
        });
        return option;
    }

    private static void RequirePort(System.CommandLine.Parsing.OptionResult result, string name)
    {
        if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, out int port) || port is < 1 or > 65535))
        {
            result.AddError($"{name} must be 1 to 65535, not '{result.Tokens[0].Value}'");
        }
    }
}
