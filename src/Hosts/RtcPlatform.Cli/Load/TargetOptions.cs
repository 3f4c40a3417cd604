using System.CommandLine;
using System.Globalization;
using System.Net;
using RtcPlatform.Cli.Up;
using RtcPlatform.Domain.Tokens;
using RtcPlatform.LoadGenerator.Plans;

namespace RtcPlatform.Cli.Load;

/// <summary>
/// Whom <c>rtc load media</c> is aimed at: the platform that runs on a data folder, whose credentials and processes are known;
/// any other server by its URLs; or a floor program.
/// </summary>
internal sealed class TargetOptions
{
    private const int DevelopmentTokenHours = 6;

    private readonly Option<string> _data = DataFolder.Option();
    private readonly Option<string?> _whip = new("--whip")
    {
        Description = "Where to publish on another server, such as https://host/whip/{room}; {identity} and {token} are filled in as well.",
        HelpName = "URL",
    };

    private readonly Option<string?> _whep = new("--whep")
    {
        Description = "Where to watch there, such as https://host/whep/{room}/{identity}; {session} = the viewer's own name.",
        HelpName = "URL",
    };

    private readonly Option<string?> _token = new("--token") { Description = "The bearer token for another server.", HelpName = "TOKEN" };
    private readonly Option<string?> _floor = new("--floor")
    {
        Description = "A floor program (tests/benchmarks/floor) instead of a server.",
        HelpName = "IP:PORT",
    };

    private readonly Option<string[]> _processes = new("--process")
    {
        Description = "A process whose CPU time and memory are measured; may be repeated. Default for the platform on --data: its media node and server.",
        HelpName = "NAME=PID",
    };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_data, _whip, _whep, _token, _floor, _processes])
        {
            command.Options.Add(option);
        }
    }

    /// <exception cref="UpException">No such target; the message says why.</exception>
    public LoadPlan Aim(LoadPlan plan, ParseResult result)
    {
        string? whip = result.GetValue(_whip);
        string? whep = result.GetValue(_whep);
        List<WatchedProcess> processes = [.. (result.GetValue(_processes) ?? []).Select(ReadProcess)];
        if (result.GetValue(_floor) is { } floor)
        {
            return plan with
            {
                Floor = IPEndPoint.TryParse(floor, out IPEndPoint? address) && address.Port != 0
                    ? address
                    : throw Wrong($"'{floor}' is no address such as 127.0.0.1:7990"),
                Processes = processes,
            };
        }

        if (whip is null && whep is null)
        {
            return OwnPlatform(plan, result.GetValue(_data)!, processes);
        }

        if (whip is null || whep is null)
        {
            throw Wrong("another server is named by both --whip and --whep");
        }

        string? token = result.GetValue(_token);
        return plan with
        {
            Target = new WebRtcTarget
            {
                Whip = Template(whip),
                Whep = Template(whep),
                Token = (_, _) => ValueTask.FromResult(token),
            },
            Processes = processes,
        };
    }

    private static LoadPlan OwnPlatform(LoadPlan plan, string dataFolder, List<WatchedProcess> processes)
    {
        DevFile dev = DataFolder.ReadCredentials(dataFolder);
        return plan with
        {
            Target = new WebRtcTarget
            {
                Whip = Template(dev.Url + "/whip/{room}"),
                Whep = Template(dev.Url + "/whep/{room}/{identity}"),
                Token = (name, _) => ValueTask.FromResult<string?>(TokenBuilder.SignJoin(
                    dev.ApiKey,
                    dev.ApiSecret,
                    name.Room,
                    name.Identity,
                    TimeProvider.System.GetUtcNow(),
                    TimeSpan.FromHours(DevelopmentTokenHours),
                    "rtc load",
                    name.Publishes)),
            },
            Processes = processes.Count > 0 ? processes : [.. new[] { "node", "server" }.SelectMany(name => Running(dataFolder, name))],
        };
    }

    /// <summary>None when it is not running on this machine, or not as this user.</summary>
    private static IEnumerable<WatchedProcess> Running(string dataFolder, string name)
    {
        string path = Path.Combine(Path.GetFullPath(dataFolder), "run", name + ".pid");
        if (File.Exists(path)
            && int.TryParse(File.ReadAllText(path), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int pid)
            && Directory.Exists($"/proc/{pid}"))
        {
            yield return new WatchedProcess(name, pid);
        }
    }

    private static WatchedProcess ReadProcess(string text)
    {
        string[] parts = text.Split('=');
        return parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
            ? new WatchedProcess(parts[0], pid)
            : throw Wrong($"'{text}' is not NAME=PID");
    }

    private static UrlTemplate Template(string text)
    {
        try
        {
            return new UrlTemplate(text);
        }
        catch (ArgumentException error)
        {
            throw Wrong(error.Message);
        }
    }

    private static UpException Wrong(string message) => new(UpException.StartFailed, message);
}
