using Npgsql;

namespace Streaming.Aggregator.Outbox;

/// <summary>What the lease's row says after it was asked for.</summary>
internal enum LeaseAnswer
{
    /// <summary>Another instance holds it.</summary>
    Anothers,

    /// <summary>Ours. The relay before this one kept no cursors in Kafka, or there was none, or somebody has deleted the row.</summary>
    OursWithoutCursors,

    /// <summary>Ours, and rows have left the outbox only behind a cursor in Kafka.</summary>
    OursWithCursors,
}

/// <summary>
/// The lease that makes one instance the relay of a pipeline. PostgreSQL's clock decides, so instances need not agree on the time. Two relays at once
/// would do no harm, since the later fences the earlier; the lease keeps them from fencing each other all the time.
/// <para>The row also remembers, in the prefix of its holder, that this pipeline is relayed with cursors. It outlives the holder; a relay of a version
/// without cursors writes its own name over it.</para>
/// </summary>
internal sealed class RelayLeaseStore(NpgsqlDataSource database, string pipeline, string holder, TimeSpan duration)
{
    private const string Prefix = "cursors:";

    private const string Take = $"""
        INSERT INTO relay_leases AS l (pipeline, holder, expires_at) VALUES ($1, $2, now() + $3)
        ON CONFLICT (pipeline) DO UPDATE SET
            holder = CASE WHEN starts_with(l.holder, '{Prefix}') THEN '{Prefix}' || $2 ELSE $2 END, expires_at = now() + $3
        WHERE l.holder IN ($2, '{Prefix}' || $2) OR l.expires_at <= now()
        RETURNING starts_with(holder, '{Prefix}')
        """;

    private const string Mark = $"UPDATE relay_leases SET holder = '{Prefix}' || $2 WHERE pipeline = $1 AND holder IN ($2, '{Prefix}' || $2)";
    private const string Release = $"UPDATE relay_leases SET expires_at = now() WHERE pipeline = $1 AND holder IN ($2, '{Prefix}' || $2)";

    /// <summary>For a statement with the pipeline as $1 and the holder as $2.</summary>
    public const string IsHeld =
        $"EXISTS (SELECT 1 FROM relay_leases WHERE pipeline = $1 AND holder IN ($2, '{Prefix}' || $2) AND expires_at > now())";

    /// <summary>How long a lease lasts unless it is renewed.</summary>
    public TimeSpan Duration => duration;

    /// <summary>Who asks.</summary>
    public string Holder => holder;

    /// <summary>Takes or renews the lease.</summary>
    public async Task<LeaseAnswer> TakeAsync(CancellationToken cancellationToken)
    {
        await using var command = Command(Take);
        command.Parameters.AddWithValue(duration);
        return await command.ExecuteScalarAsync(cancellationToken) switch
        {
            true => LeaseAnswer.OursWithCursors,
            false => LeaseAnswer.OursWithoutCursors,
            _ => LeaseAnswer.Anothers,
        };
    }

    /// <summary>Remembers that this pipeline is relayed with cursors from now on. False when the lease is another's.</summary>
    public async Task<bool> MarkAsync(CancellationToken cancellationToken)
    {
        await using var command = Command(Mark);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Lets the lease end now, so that another instance need not wait for it.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        await using var command = Command(Release);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private NpgsqlCommand Command(string sql)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.AddWithValue(pipeline);
        command.Parameters.AddWithValue(holder);
        return command;
    }
}
