using System.Diagnostics;
using System.Runtime.InteropServices;

namespace RtcPlatform.Cli.Up;

/// <summary>
/// A program of ours under supervision. Its output goes to a log file; where <c>setpriv</c> exists it is told to end when
/// its parent dies, so that a killed <c>rtc up</c> leaves nothing behind.
/// </summary>
/// <remarks>The kernel ties that to the *thread* that started it: start children from the main thread only.</remarks>
internal sealed partial class ChildProcess : IDisposable
{
    private const int SigTerm = 15;

    private readonly Process _process;
    private readonly StreamWriter _log;

    private ChildProcess(string name, Process process, StreamWriter log)
    {
        Name = name;
        _process = process;
        _log = log;
    }

    public string Name { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>The last line the program wrote; the best hint when it ends at once.</summary>
    public string LastLine { get; private set; } = "";

    public static ChildProcess Start(
        string name, string logFile, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, Action exited)
    {
        string? setpriv = OperatingSystem.IsLinux() ? Programs.Find("setpriv") : null;
        var start = new ProcessStartInfo
        {
            FileName = setpriv ?? program,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        string[] prefix = setpriv is null ? [] : ["--pdeathsig", "TERM", "--", program];
        foreach (string argument in prefix.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string key, string value) in environment)
        {
            start.Environment[key] = value;
        }

        var log = new StreamWriter(new FileStream(logFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var child = new ChildProcess(name, process, log);
        process.OutputDataReceived += (_, e) => child.Write(e.Data);
        process.ErrorDataReceived += (_, e) => child.Write(e.Data);
        process.Exited += (_, _) => exited();
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    public void Terminate()
    {
        if (!_process.HasExited)
        {
            _ = Kill(_process.Id, SigTerm);
        }
    }

    /// <summary>Waits, then ends it by force.</summary>
    public void WaitOrKill(TimeSpan patience)
    {
        if (!_process.WaitForExit(patience))
        {
            _process.Kill();
            _process.WaitForExit();
        }
    }

    public void Dispose()
    {
        _process.Dispose();
        lock (_log)
        {
            _log.Dispose();
        }
    }

    private void Write(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            LastLine = line.Length > 0 ? line : LastLine;
            if (_log.BaseStream is not null)
            {
                _log.WriteLine(line);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
