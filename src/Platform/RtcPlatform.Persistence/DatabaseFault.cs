using System.Net.Sockets;
using Npgsql;

namespace RtcPlatform.Persistence;

/// <summary>What is wrong with a database in one line that an operator can act upon; never a password, never a stack
/// trace.</summary>
public static class DatabaseFault
{
    /// <summary>True for what a wrong address, wrong credentials or an absent server cause, as opposed to a fault of
    /// ours.</summary>
    public static bool IsConnectionFault(Exception problem) =>
        problem is NpgsqlException or SocketException or TimeoutException
        || (problem.InnerException is { } inner && IsConnectionFault(inner));

    public static string Describe(Exception problem) => Innermost(problem) switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword } => "the password is wrong",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } fault => fault.MessageText,
        PostgresException fault => $"{fault.MessageText} ({fault.SqlState})",
        SocketException fault => $"cannot connect: {fault.Message}",
        TimeoutException => "cannot connect: no answer in time",
        Exception fault => OneLine(fault.Message),
    };

    private static Exception Innermost(Exception problem)
    {
        while (problem.InnerException is { } inner)
        {
            problem = inner;
        }

        return problem;
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
