using System.CommandLine;
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
        // Before the run, which may take minutes: a place that cannot be written is told at once.
        using ReportFile? file = json is null or "-" ? null : ReportFile.Open(json);
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

        if (json == "-")
        {
            Console.Out.WriteLine(ReportJson.Write(report));
            return;
        }

        ReportTable.Write(report, Console.Out);
        file?.Save(ReportJson.Write(report));
    }
}
