namespace RtcPlatform.Cli.Up;

/// <summary>Where the other programs and the web files are: beside this one when installed, in their projects when built.</summary>
internal sealed record Layout(string ServerDll, string MediaNodeDll, string SdkFolder, string DemoFolder)
{
    public static Layout Find()
    {
        string here = AppContext.BaseDirectory;
        string? root = FindRepository(here);
        if (root is null)
        {
            return new Layout(
                Path.Combine(here, "RtcPlatform.Server.dll"),
                Path.Combine(here, "RtcPlatform.MediaNode.dll"),
                Path.Combine(here, "web", "sdk"),
                Path.Combine(here, "web", "demo"));
        }

        // …/src/Hosts/RtcPlatform.Cli/bin/<configuration>/net10.0/
        string output = Path.GetRelativePath(Path.Combine(root, "src", "Hosts", "RtcPlatform.Cli"), here);
        return new Layout(
            Path.Combine(root, "src", "Hosts", "RtcPlatform.Server", output, "RtcPlatform.Server.dll"),
            Path.Combine(root, "src", "Media", "RtcPlatform.MediaNode", output, "RtcPlatform.MediaNode.dll"),
            Path.Combine(root, "web", "packages", "client", "dist"),
            Path.Combine(root, "web", "apps", "demo", "dist"));
    }

    /// <summary>Says what was not built, before a child process fails in its own words.</summary>
    public void RequireBuilt()
    {
        foreach (string file in (string[])[ServerDll, MediaNodeDll])
        {
            if (!File.Exists(file))
            {
                throw new UpException(UpException.MissingTool, $"{file} is not built; use ./run, or build RtcPlatform.sln");
            }
        }
    }

    private static string? FindRepository(string from)
    {
        for (DirectoryInfo? folder = new(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "RtcPlatform.sln")))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
