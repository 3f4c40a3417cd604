using System.Xml.Linq;

namespace RtcPlatform.Architecture.Tests;

/// <summary>The repository as files, found from wherever the tests run inside it.</summary>
internal static class Repository
{
    public static readonly string Root = FindRoot();

    private static readonly string[] Skipped = ["bin", "obj", "node_modules", "dist", ".git", ".data"];

    /// <summary>Paths relative to the root, with forward slashes.</summary>
    public static IEnumerable<string> Files(string folder, params string[] endings) =>
        Walk(Path.Combine(Root, folder))
            .Select(static f => Path.GetRelativePath(Root, f).Replace('\\', '/'))
            .Where(f => endings.Any(e => f.EndsWith(e, StringComparison.Ordinal)));

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Project name → names of the projects it refers to, whatever the conditions.</summary>
    public static IReadOnlyDictionary<string, string[]> Projects() =>
        Files("src", ".csproj").ToDictionary(
            static f => Path.GetFileNameWithoutExtension(f),
            static f => XDocument.Parse(Read(f)).Descendants("ProjectReference")
                .Select(static r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/').Split('/')[^1]))
                .Distinct()
                .ToArray());

    /// <summary>Everything that a project can see, itself left out.</summary>
    public static ISet<string> Closure(IReadOnlyDictionary<string, string[]> projects, string project)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(projects[project]);
        while (open.TryPop(out string? next))
        {
            if (seen.Add(next))
            {
                foreach (string further in projects[next])
                {
                    open.Push(further);
                }
            }
        }

        return seen;
    }

    private static IEnumerable<string> Walk(string folder) =>
        Directory.Exists(folder)
            ? Directory.GetFiles(folder).Concat(
                Directory.GetDirectories(folder).Where(static d => !Skipped.Contains(Path.GetFileName(d))).SelectMany(Walk))
            : [];

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "RtcPlatform.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"no RtcPlatform.sln above {AppContext.BaseDirectory}");
    }
}
