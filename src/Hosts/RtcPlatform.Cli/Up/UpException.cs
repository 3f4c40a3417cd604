namespace RtcPlatform.Cli.Up;

/// <summary>A start that cannot succeed: one line for the person, one exit code for the script.</summary>
internal sealed class UpException(int exitCode, string message) : Exception(message)
{
    public const int Database = 2;
    public const int PortTaken = 3;
    public const int MissingTool = 4;
    public const int StartFailed = 5;

    public int ExitCode { get; } = exitCode;
}
