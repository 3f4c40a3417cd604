using Npgsql;

namespace RtcPlatform.Persistence.Migrations;

/// <summary>Brings every module's schema up to date; servers that start at once do so one after the other.</summary>
public sealed class DatabaseMigrator
{
    // Any number will do as long as it never changes: it is the name of the lock for all servers on one database.
    private const long LockId = 0x5254_4350_4C41_5401;

    private readonly NpgsqlDataSource _database;
    private readonly IModuleSchema[] _schemas;
    private volatile bool _done;

    internal DatabaseMigrator(NpgsqlDataSource database, IEnumerable<IModuleSchema> schemas)
    {
        _database = database;
        _schemas = [.. schemas];
    }

    /// <summary>True once <see cref="Migrate"/> has succeeded in this process.</summary>
    public bool IsDone => _done;

    /// <exception cref="NpgsqlException">The database cannot be reached or refuses; see <see cref="DatabaseFault"/>.</exception>
    public async Task Migrate(CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await _database.OpenConnectionAsync(cancellation);

        // Session-level, hence on a connection of its own; it is gone with the connection even when the process is killed.
        await Execute(connection, "SELECT pg_advisory_lock($1)", cancellation);
        try
        {
            foreach (IModuleSchema schema in _schemas)
            {
                await schema.Migrate(cancellation);
            }
        }
        finally
        {
            await Execute(connection, "SELECT pg_advisory_unlock($1)", CancellationToken.None);
        }

        _done = true;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(sql, connection) { Parameters = { new() { Value = LockId } } };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
