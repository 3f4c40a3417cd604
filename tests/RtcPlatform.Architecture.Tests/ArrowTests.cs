namespace RtcPlatform.Architecture.Tests;

/// <summary>The arrows of docs/architecture.md: a project sees what is listed here, directly or not, and nothing else of ours.</summary>
public sealed class ArrowTests
{
    private static readonly Dictionary<string, string[]> MaySee = new(StringComparer.Ordinal)
    {
        ["Wire"] = [],
        ["Crypto"] = ["Wire"],
        ["Engine"] = ["Wire", "Crypto"],
        ["Forwarding"] = ["Wire"],
        ["Net"] = ["Wire"],
        ["Media.Contracts"] = [],
        ["MediaNode"] = ["Wire", "Crypto", "Engine", "Forwarding", "Net", "Media.Contracts"],
        ["MediaClient"] = ["Wire", "Crypto", "Engine", "Net"],
        ["LoadGenerator"] = ["Wire", "Crypto", "Engine", "Net", "MediaClient"],
        ["Domain"] = [],
        ["EmbeddedOrleans"] = [],
        ["Grains"] = ["Domain", "EmbeddedOrleans", "Media.Contracts"],
        ["Persistence"] = [],
        ["Identity"] = ["Persistence", "Domain"],
        ["Signaling"] = ["Domain", "EmbeddedOrleans", "Grains", "Identity", "Persistence", "Media.Contracts"],
        ["Api"] = ["Domain", "EmbeddedOrleans", "Grains", "Identity", "Persistence", "Media.Contracts"],
        ["Server"] =
            ["Domain", "EmbeddedOrleans", "Grains", "Media.Contracts", "Signaling", "Api", "Identity", "Persistence"],
        ["Cli"] = ["Wire", "Crypto", "Engine", "Net", "Domain", "MediaClient", "LoadGenerator"],
    };

    public static TheoryData<string> ProjectNames() => [.. Repository.Projects().Keys];

    [Theory]
    [MemberData(nameof(ProjectNames))]
    public void A_project_sees_only_what_its_arrows_allow(string project)
    {
        string name = project["RtcPlatform.".Length..];
        Assert.True(MaySee.ContainsKey(name), $"{project} has no line in the table of arrows");
        IEnumerable<string> seen = Repository.Closure(Repository.Projects(), project).Select(static p => p["RtcPlatform.".Length..]);

        Assert.Empty(seen.Except(MaySee[name]));
    }

    [Theory]
    [InlineData("src/Media", "Microsoft.Orleans", "EntityFrameworkCore", "Microsoft.AspNetCore", "Microsoft.NET.Sdk.Web")]
    [InlineData("src/Protocol", "Microsoft.Extensions", "Microsoft.AspNetCore", "EntityFrameworkCore", "Google.Protobuf")]
    [InlineData("src/Control/RtcPlatform.Domain", "Microsoft.Extensions", "Microsoft.AspNetCore", "Microsoft.Orleans", "EntityFrameworkCore")]
    [InlineData("src/Control/RtcPlatform.Grains", "Microsoft.AspNetCore", "EntityFrameworkCore")]
    public void Packages_stay_out_of_where_they_do_not_belong(string folder, params string[] packages)
    {
        foreach (string project in Repository.Files(folder, ".csproj"))
        {
            string text = Repository.Read(project);
            Assert.All(packages, p => Assert.DoesNotContain(p, text, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_edge_sees_grain_interfaces_only()
    {
        string[] implementations = ["Grains.Room;", "Grains.Participant;", "Grains.MediaNode;", "Grains.Directory;"];
        foreach (string file in Repository.Files("src/Edge", ".cs"))
        {
            string text = Repository.Read(file);
            Assert.All(implementations, i => Assert.DoesNotContain($"using RtcPlatform.{i}", text, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Grains_use_nothing_of_the_embedded_runtime_itself()
    {
        foreach (string file in Repository.Files("src/Control/RtcPlatform.Grains", ".cs"))
        {
            Assert.DoesNotContain("RtcPlatform.EmbeddedOrleans", Repository.Read(file), StringComparison.Ordinal);
        }
    }
}
