using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using RtcPlatform.Cli.Up;
using RtcPlatform.LoadGenerator.Plans;
using RtcPlatform.LoadGenerator.Reports;
using RtcPlatform.LoadGenerator.Runs;
using RtcPlatform.LoadGenerator.Signaling;
using RtcPlatform.MediaClient;

namespace RtcPlatform.Cli.Load;

/// <summary><c>rtc load media</c>: publishers and subscribers by the hundred, against this platform or any WHIP and WHEP server.</summary>
internal static class LoadCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static Command Create() => new("load", "Put load on a server and check what comes through.") { Media() };

    private static Command Media()
    {
        var options = new MediaLoadOptions();
        var json = new Option<string?>("--json")
        {
            Description = "Write the report there as JSON; - = to standard output, instead of the table.",
            HelpName = "FILE",
        };
        var command = new Command("media", "Publish by WHIP, watch by WHEP, check every packet, measure the server.") { json };
        options.AddTo(command);
        command.SetAction((result, cancellation) => Failures.ReportAsync(
            "rtc load media", () => Run(options.Read(result), result.GetValue(json), cancellation)));
        return command;
    }

    private static async Task Run(LoadPlan plan, string? json, CancellationToken cancellation)
    {
        LoadReport report;
        try
        {
            report = await LoadRun.Run(plan, new ProgressLines(Console.Error), cancellation);
        }
        catch (Exception error) when (error is ArgumentException or SignalingException or MediaException or IOException)
        {
            throw new UpException(UpException.StartFailed, error.Message);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw new UpException(UpException.StartFailed, "stopped before the measurement was over; everybody has left");
        }

        if (json != "-")
        {
            ReportTable.Write(report, Console.Out);
        }

        if (json is not null)
        {
            await Save(JsonSerializer.Serialize(report, Json), json);
        }
    }

    private static async Task Save(string text, string path)
    {
        if (path == "-")
        {
            Console.Out.WriteLine(text);
            return;
        }

        try
        {
            await File.WriteAllTextAsync(path, text + "\n");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UpException(UpException.StartFailed, error.Message);
        }
    }
}
