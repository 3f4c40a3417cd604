using System.Text.RegularExpressions;

namespace RtcPlatform.Architecture.Tests;

/// <summary>Sizes, names and habits that a reviewer should not have to look for.</summary>
public sealed partial class ShapeTests
{
    private const int Soft = 300;
    private const int Hard = 700;

    /// <summary>Over the soft limit, and one idea all the same; whoever adds a line says why.</summary>
    private static readonly Dictionary<string, string> LongByRight = new(StringComparer.Ordinal);

    private static IEnumerable<string> ProductFiles() =>
        Repository.Files("src", ".cs")
            .Concat(Repository.Files("web/packages", ".ts", ".tsx"))
            .Concat(Repository.Files("web/apps", ".ts", ".tsx"))
            .Where(static f => !f.EndsWith("/signal/contract.ts", StringComparison.Ordinal) && !f.Contains(".test.", StringComparison.Ordinal));

    [Fact]
    public void Files_are_short()
    {
        var sizes = ProductFiles().ToDictionary(static f => f, static f => Repository.Read(f).Count(static c => c == '\n'));

        Assert.True(sizes.Count > 100, "the tree was not found");
        Assert.Empty(sizes.Where(s => s.Value > Hard).Select(s => $"{s.Key}: {s.Value} lines"));
        Assert.Empty(sizes.Where(s => s.Value > Soft && !LongByRight.ContainsKey(s.Key)).Select(s => $"{s.Key}: {s.Value} lines"));
    }

    [Fact]
    public void The_limit_of_function_length_is_an_error_of_the_build()
    {
        string rules = Repository.Read(".editorconfig");

        Assert.Contains("dotnet_diagnostic.MA0051.severity = warning", rules, StringComparison.Ordinal);
        Assert.Contains("MA0051.maximum_lines_per_method = 60", rules, StringComparison.Ordinal);
        Assert.Contains("<TreatWarningsAsErrors>true", Repository.Read("Directory.Build.props"), StringComparison.Ordinal);
    }

    [Fact]
    public void No_type_is_named_for_nothing()
    {
        // The contract keeps the field's names (ParticipantInfo, TrackInfo), which LiveKit's users know.
        // Orleans' public names are not ours to choose either.
        IEnumerable<string> bad = Repository.Files("src", ".cs")
            .Where(static f => !f.Contains("RtcPlatform.Signaling/Contract/", StringComparison.Ordinal))
            .Where(static f => !f.Contains("RtcPlatform.EmbeddedOrleans/", StringComparison.Ordinal))
            .SelectMany(static f => TypeNames().Matches(Repository.Read(f)).Select(m => (File: f, Name: m.Groups[1].Value)))
            .Where(static t => BadName().IsMatch(t.Name))
            .Select(static t => $"{t.Name} in {t.File}");

        Assert.Empty(bad);
    }

    [Fact]
    public void Every_project_says_what_it_is_for()
    {
        IEnumerable<string> silent = Repository.Files("src", ".csproj")
            .Select(static f => Path.GetDirectoryName(f)!)
            .Where(static d => !File.Exists(Path.Combine(Repository.Root, d, "README.md")));

        Assert.Empty(silent);
    }

    [Fact]
    public void Nothing_is_swallowed_in_silence()
    {
        IEnumerable<string> silent = Repository.Files("src", ".cs")
            .Where(static f => EmptyCatch().IsMatch(Repository.Read(f)));

        Assert.Empty(silent);
    }

    [Theory]
    [InlineData("src/Protocol/RtcPlatform.Wire")]
    [InlineData("src/Protocol/RtcPlatform.Forwarding")]
    [InlineData("src/Protocol/RtcPlatform.Engine")]
    [InlineData("src/Protocol/RtcPlatform.Crypto/Srtp")]
    public void The_packet_path_takes_no_lock_and_awaits_nothing(string folder)
    {
        string[] files = [.. Repository.Files(folder, ".cs")];

        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            string code = Comments().Replace(Repository.Read(file), "");
            Assert.DoesNotMatch(@"\block\s*\(|\bawait\b|\basync\b|\bMonitor\.", code);
        }
    }

    [Fact]
    public void Sockets_and_unsafe_code_stand_where_they_belong()
    {
        string[] allowed =
        [
            "src/Media/RtcPlatform.Net/", "src/Protocol/RtcPlatform.Crypto/", "src/Hosts/RtcPlatform.Cli/",
        ];
        IEnumerable<string> strays = Repository.Files("src", ".cs")
            .Where(f => !allowed.Any(a => f.StartsWith(a, StringComparison.Ordinal)))
            .Where(static f => ForeignCode().IsMatch(Repository.Read(f)));

        Assert.Empty(strays);
    }

    [GeneratedRegex(@"\b(?:class|record|struct|interface|enum)\s+([A-Z]\w+)")]
    private static partial Regex TypeNames();

    [GeneratedRegex("(Manager|Helper|Helpers|Util|Utils|Common|Misc|Impl|Info|Processor)$")]
    private static partial Regex BadName();

    [GeneratedRegex(@"catch\s*(\([^)]*\))?\s*\{\s*\}")]
    private static partial Regex EmptyCatch();

    [GeneratedRegex(@"//.*$", RegexOptions.Multiline)]
    private static partial Regex Comments();

    [GeneratedRegex(@"\b(DllImport|LibraryImport)\b|new Socket\(")]
    private static partial Regex ForeignCode();
}
