using Npgsql;

namespace RtcPlatform.Persistence;

/// <summary>Asks the database whether it answers; for readiness.</summary>
public sealed class DatabaseProbe(NpgsqlDataSource database)
{
    /// <returns>Null when it answers, else one line that says why not.</returns>
    public async Task<string?> FindFault(TimeSpan patience, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        try
        {
            await using NpgsqlCommand command = database.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(limit.Token);
            return null;
        }
        catch (NpgsqlException problem)
        {
            return DatabaseFault.Describe(problem);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"no answer within {patience.TotalSeconds:0.#} s";
        }
    }
}
