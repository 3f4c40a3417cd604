using RtcPlatform.Cli.Up;

namespace RtcPlatform.Cli;

/// <summary>What a person is told when a command cannot do its work: one line and an exit code.</summary>
internal static class Failures
{
    public static int Report(string command, Action action) => ReportAsync(command, () =>
    {
        action();
        return Task.CompletedTask;
    }).GetAwaiter().GetResult();

    public static async Task<int> ReportAsync(string command, Func<Task> action)
    {
        try
        {
            await action();
            return 0;
        }
        catch (UpException error)
        {
            Console.Error.WriteLine($"{command}: {error.Message}");
            return error.ExitCode;
        }
        catch (HttpRequestException error)
        {
            Console.Error.WriteLine($"{command}: the server does not answer: {error.Message}");
            return UpException.StartFailed;
        }
    }
}
