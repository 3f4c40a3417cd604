namespace RtcPlatform.Server.Options;

/// <summary>Why the process ended; scripts and <c>rtc up</c> read these.</summary>
internal static class ExitCode
{
    public const int Unexpected = 1;
    public const int BadOptions = 2;
    public const int NoDatabase = 2;
    public const int PortTaken = 3;
}

/// <summary>The server cannot start, for a reason that one line tells.</summary>
internal sealed class StartFault(int exitCode, string line) : Exception(line)
{
    public int ExitCode { get; } = exitCode;
}
