using System.Runtime.InteropServices;

namespace RtcPlatform.Cli.Up;

/// <summary>The whole of <c>rtc up</c>: check, start in order, announce, keep alive, stop in reverse order.</summary>
internal static class UpRun
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    public static int Run(UpOptions options, TextWriter output, TextWriter errors)
    {
        var progress = new Progress(output);
        try
        {
            using var supervisor = new Supervisor(progress);
            using PosixSignalRegistration interrupt = StopOn(PosixSignal.SIGINT, supervisor);
            using PosixSignalRegistration terminate = StopOn(PosixSignal.SIGTERM, supervisor);
            using PosixSignalRegistration hangUp = StopOn(PosixSignal.SIGHUP, supervisor);
            StartAndKeep(options, progress, supervisor);
            progress.Say("stopping");
        }
        catch (UpException error)
        {
            errors.WriteLine($"rtc up: {error.Message}");
            return error.ExitCode;
        }

        progress.Say("stopped");
        return 0;
    }

    private static void StartAndKeep(UpOptions options, Progress progress, Supervisor supervisor)
    {
        options.Layout.RequireBuilt();
        Directory.CreateDirectory(Path.Combine(options.DataFolder, "logs"));
        Directory.CreateDirectory(Path.Combine(options.DataFolder, "run"));
        using FileStream mine = LockData(options.DataFolder);
        Ports.RequireFree(options);
        DevFile dev = DevFile.CreateOrRead(options.DataFolder, options.Url);
        PrivatePostgres? postgres = null;
        try
        {
            if (options.ConnectionString is null)
            {
                progress.Say("starting a private PostgreSQL");
                postgres = PrivatePostgres.Start(options.DataFolder, dev.DatabasePassword);
                progress.Say($"PostgreSQL runs in {postgres.Folder} (port {postgres.Port})");
            }

            StartPrograms(options, progress, supervisor, dev with { ConnectionString = options.ConnectionString ?? postgres!.ConnectionString });
        }
        finally
        {
            // Before the database, so that what they still write arrives.
            supervisor.Dispose();
            postgres?.Stop();
        }
    }

    private static void StartPrograms(UpOptions options, Progress progress, Supervisor supervisor, DevFile dev)
    {
        var launch = new Launch(options, dev);
        using var health = new Health(options.Url);
        progress.Say("starting the server");
        ChildProcess server = supervisor.Add("server", launch.Server);
        if (!Await(supervisor, server, "the server", health.IsAlive))
        {
            return;
        }

        progress.Say("starting the media node");
        ChildProcess node = supervisor.Add("media node", launch.MediaNode);
        if (!Await(supervisor, node, "the media node", health.IsReady))
        {
            return;
        }

        progress.Say($"credentials are in {DevFile.PathIn(options.DataFolder)}, logs in {Path.Combine(options.DataFolder, "logs")}");
        progress.Announce($"ready {options.Url}");
        supervisor.Run();
    }

    /// <summary>False when a stop was asked for meanwhile.</summary>
    private static bool Await(Supervisor supervisor, ChildProcess child, string what, Func<bool> isReady)
    {
        long deadline = Environment.TickCount64 + (long)StartPatience.TotalMilliseconds;
        while (!isReady())
        {
            if (child.HasExited)
            {
                child.WaitOrKill(TimeSpan.FromSeconds(1));
                throw new UpException(child.ExitCode is > 0 and < 128 ? child.ExitCode : UpException.StartFailed, $"{what} did not start: {child.LastLine}");
            }

            if (Environment.TickCount64 > deadline)
            {
                throw new UpException(UpException.StartFailed, $"{what} is not ready after {StartPatience.TotalSeconds:F0} s: {child.LastLine}");
            }

            if (supervisor.WaitOrStop(TimeSpan.FromMilliseconds(100)))
            {
                return false;
            }
        }

        return true;
    }

    private static FileStream LockData(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, "up.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new UpException(UpException.StartFailed, $"another rtc up is running on {folder}");
        }
        catch (UnauthorizedAccessException error)
        {
            throw new UpException(UpException.StartFailed, error.Message);
        }
    }

    private static PosixSignalRegistration StopOn(PosixSignal signal, Supervisor supervisor) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            supervisor.RequestStop();
        });
}
