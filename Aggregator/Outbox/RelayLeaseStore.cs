using Npgsql;

namespace Streaming.Aggregator.Outbox;

/// <summary>The lease that makes one instance the relay of a pipeline. PostgreSQL's clock decides, so instances need not agree on the time.</summary>
internal sealed class RelayLeaseStore(NpgsqlDataSource database, string pipeline, string holder, TimeSpan duration)
{
    private const string Take = """
        INSERT INTO relay_leases AS l (pipeline, holder, expires_at) VALUES ($1, $2, now() + $3)
        ON CONFLICT (pipeline) DO UPDATE SET holder = $2, expires_at = now() + $3 WHERE l.holder = $2 OR l.expires_at <= now()
        """;

    private const string Release = "DELETE FROM relay_leases WHERE pipeline = $1 AND holder = $2";

    /// <summary>How long a lease lasts unless it is renewed.</summary>
    public TimeSpan Duration => duration;

    /// <summary>Takes or renews the lease. False while another instance holds it.</summary>
    public async Task<bool> TakeAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Take);
        command.Parameters.AddWithValue(pipeline);
        command.Parameters.AddWithValue(holder);
        command.Parameters.AddWithValue(duration);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Gives the lease back, so that another instance need not wait for its end.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Release);
        command.Parameters.AddWithValue(pipeline);
        command.Parameters.AddWithValue(holder);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
