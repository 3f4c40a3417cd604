using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using RtcPlatform.MediaNode.Options;

namespace RtcPlatform.MediaNode;

internal static class Program
{
    private const int WrongUse = 2;
    private const int PortUnavailable = 3;

    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is ["--help" or "-h"])
        {
            Console.WriteLine(NodeOptionsParser.Usage);
            return 0;
        }

        string? secret = Environment.GetEnvironmentVariable(NodeOptionsParser.SecretVariable);
        if (!NodeOptionsParser.TryParse(arguments, secret, out NodeOptions? options, out string? error))
        {
            await Console.Error.WriteLineAsync($"media node: {error}").ConfigureAwait(false);
            return WrongUse;
        }

        using ILoggerFactory loggers = LoggerFactory.Create(static logging => logging.AddSimpleConsole(static console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        }));
        // From before it says that it is there: whoever reads that may tell it to stop.
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        MediaNode node;
        try
        {
            node = MediaNode.Start(options, loggers);
        }
        catch (IOException unavailable)
        {
            await Console.Error.WriteLineAsync($"media node: {unavailable.Message}").ConfigureAwait(false);
            return PortUnavailable;
        }

        await stop.Task.ConfigureAwait(false);
        await node.DisposeAsync().ConfigureAwait(false);
        return 0;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult();
        }
    }
}
