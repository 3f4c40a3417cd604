using System.Text.Json;
using System.Text.Json.Serialization;
using RtcPlatform.LoadGenerator.Reports;

namespace RtcPlatform.Cli.Load;

/// <summary>A report for programs: camelCase names, indented; what does not apply to a run is left out.</summary>
internal static class ReportJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string Write(LoadReport report) => JsonSerializer.Serialize(report, Options);
}
