using System.Text.Json;
using RtcPlatform.Cli.Load;

namespace RtcPlatform.Cli.Tests.Load;

public sealed class ReportJsonTests
{
    [Fact]
    public void Names_are_camelCase_at_every_depth()
    {
        using JsonDocument json = JsonDocument.Parse(ReportJson.Write(Reports.Searched));

        Assert.All(Names(json.RootElement), static name => Assert.Matches("^[a-z][A-Za-z0-9]*$", name));
        Assert.Equal(
            ["startedAt", "machine", "plan", "setup", "media", "processes", "tool", "most", "warnings"],
            json.RootElement.EnumerateObject().Select(static p => p.Name));
    }

    [Fact]
    public void Figures_stand_where_scripts_look_for_them()
    {
        using JsonDocument json = JsonDocument.Parse(ReportJson.Write(Reports.Stormy));
        JsonElement report = json.RootElement;

        Assert.Equal(0.001, report.GetProperty("media").GetProperty("lossShare").GetDouble());
        Assert.Equal(52, report.GetProperty("media").GetProperty("latency").GetProperty("p99").GetDouble());
        Assert.Equal(2500, report.GetProperty("processes")[0].GetProperty("nanosecondsPerPacket").GetDouble());
        Assert.Equal("shard-0", report.GetProperty("processes")[0].GetProperty("cpu").GetProperty("threads")[0].GetProperty("name").GetString());
        Assert.Equal(199, report.GetProperty("churn").GetProperty("left").GetInt32());
        Assert.Equal("nothing was idle", report.GetProperty("warnings")[0].GetString());
    }

    private static IEnumerable<string> Names(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(static p => Names(p.Value).Prepend(p.Name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Names),
        _ => [],
    };
}
