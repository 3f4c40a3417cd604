using System.CommandLine;
using RtcPlatform.Cli.Up;

namespace RtcPlatform.Cli;

/// <summary>The option that every command shares: where the platform's data, and so its credentials, are.</summary>
internal static class DataFolder
{
    public static Option<string> Option() => new("--data")
    {
        Description = "The data folder.",
        HelpName = "DIR",
        DefaultValueFactory = static _ => ".data",
    };

    /// <exception cref="UpException">Nothing was ever started on that folder.</exception>
    public static DevFile ReadCredentials(string folder)
    {
        string full = Path.GetFullPath(folder);
        return DevFile.TryRead(full) ?? throw new UpException(
            UpException.StartFailed, $"there is no {DevFile.PathIn(full)}; start the platform first (./run) or name its --data folder");
    }
}
