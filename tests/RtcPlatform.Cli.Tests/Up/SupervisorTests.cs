using System.Diagnostics;
using RtcPlatform.Cli.Up;

namespace RtcPlatform.Cli.Tests.Up;

public sealed class SupervisorTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void Child_that_was_killed_is_started_again_and_ends_with_its_supervisor()
    {
        using var folder = new TemporaryFolder();
        using var lines = new LineWriter();
        var supervisor = new Supervisor(new Progress(lines));
        using var started = new ManualResetEventSlim();
        ChildProcess? latest = null;

        // One thread for all: the kernel ends the children with the thread that started them.
        var thread = new Thread(() =>
        {
            supervisor.Add("sleeper", exited => latest = Start(folder, "exec sleep 600", exited));
            started.Set();
            supervisor.Run();
            supervisor.Dispose();
        });
        thread.Start();

        Assert.True(started.Wait(Patience));
        int first = latest!.Id;
        using (Process process = Process.GetProcessById(first))
        {
            process.Kill();
        }

        lines.WaitFor("sleeper ended with code 137");
        lines.WaitFor("sleeper started again");
        int second = latest!.Id;
        Assert.NotEqual(first, second);
        Assert.True(IsRunning(second));

        supervisor.RequestStop();

        Assert.True(thread.Join(Patience));
        Assert.False(IsRunning(second));
    }

    [Fact]
    public void Child_that_ignores_the_request_is_ended_by_force()
    {
        using var folder = new TemporaryFolder();
        using var lines = new LineWriter();
        var supervisor = new Supervisor(new Progress(lines));
        int id = 0;
        var thread = new Thread(() =>
        {
            ChildProcess child = supervisor.Add(
                "stubborn", exited => Start(folder, "trap '' TERM; echo armed; while :; do sleep 1; done", exited));
            id = child.Id;
            SpinWait.SpinUntil(() => child.LastLine == "armed", Patience);
            supervisor.Dispose();
        });

        thread.Start();

        Assert.True(thread.Join(Patience));
        Assert.False(IsRunning(id));
        Assert.Equal("armed", File.ReadAllText(folder.File("child.log")).Trim());
    }

    [Fact]
    public void Stop_during_the_start_is_noticed_at_once()
    {
        using var supervisor = new Supervisor(new Progress(TextWriter.Null));
        supervisor.RequestStop();

        Assert.True(supervisor.WaitOrStop(Patience));
        Assert.False(supervisor.WaitOrStop(TimeSpan.Zero));
    }

    private static ChildProcess Start(TemporaryFolder folder, string script, Action exited) => ChildProcess.Start(
        "child", folder.File("child.log"), "/bin/sh", ["-c", script], new Dictionary<string, string>(), exited);

    private static bool IsRunning(int id) => Directory.Exists($"/proc/{id}");
}
