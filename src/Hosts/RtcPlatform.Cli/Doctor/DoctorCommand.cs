using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using RtcPlatform.Cli.Up;

namespace RtcPlatform.Cli.Doctor;

/// <summary><c>rtc doctor</c>: is this machine fit, does the platform run, does a call work? One line each.</summary>
internal static class DoctorCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static Command Create()
    {
        Option<string> data = DataFolder.Option();
        var json = new Option<bool>("--json") { Description = "Print the findings as JSON." };
        var command = new Command("doctor", "Check this machine, the running platform and the media path.") { data, json };
        command.SetAction((result, cancellation) =>
            Run(Path.GetFullPath(result.GetValue(data)!), result.GetValue(json), Console.Out, cancellation));
        return command;
    }

    /// <returns>0 when nothing failed, else 1.</returns>
    private static async Task<int> Run(string dataFolder, bool asJson, TextWriter output, CancellationToken cancellation)
    {
        var findings = new List<Finding>();
        await foreach (Finding finding in Examine(dataFolder, cancellation))
        {
            findings.Add(finding);
            if (!asJson)
            {
                output.WriteLine(Line(finding));
                output.Flush();
            }
        }

        bool ok = findings.TrueForAll(static f => f.Verdict != Verdict.Fail);
        if (asJson)
        {
            output.WriteLine(JsonSerializer.Serialize(new Report(ok, findings), Json));
        }

        return ok ? 0 : 1;
    }

    private static async IAsyncEnumerable<Finding> Examine(
        string dataFolder, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (Finding finding in MachineChecks.All())
        {
            yield return finding;
        }

        (DevFile? dev, string fault) = ReadDevFile(dataFolder);
        if (dev is null)
        {
            yield return Finding.Fail("platform", fault, "start it (./run), or name its --data folder");
            yield break;
        }

        IReadOnlyList<Finding> server = await ServerChecks.Run(dev, dataFolder, cancellation);
        foreach (Finding finding in server)
        {
            yield return finding;
        }

        if (server[^1].Verdict != Verdict.Fail)
        {
            yield return await MediaPathCheck.Run(dev, cancellation);
        }
    }

    private static (DevFile? Dev, string Fault) ReadDevFile(string dataFolder)
    {
        try
        {
            return (DevFile.TryRead(dataFolder), $"nothing was ever started on {dataFolder}");
        }
        catch (Exception error) when (error is UpException or UnauthorizedAccessException)
        {
            return (null, error.Message);
        }
    }

    private static string Line(Finding finding)
    {
        string verdict = finding.Verdict switch
        {
            Verdict.Ok => "ok  ",
            Verdict.Warn => "warn",
            _ => "FAIL",
        };
        string advice = finding.Advice.Length > 0 ? $" -> {finding.Advice}" : "";
        return $"{verdict} {finding.Check,-17} {finding.Detail}{advice}";
    }

    private sealed record Report(bool Ok, IReadOnlyList<Finding> Findings);
}
