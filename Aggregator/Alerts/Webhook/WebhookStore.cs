using Npgsql;

namespace Streaming.Aggregator.Alerts.Webhook;

/// <summary>A delivery that this instance may try now.</summary>
/// <param name="IdempotencyKey">The transition's id.</param>
/// <param name="Body">What is posted.</param>
/// <param name="Attempts">This attempt's number, from 1.</param>
/// <param name="Age">How long ago the transition was written, by PostgreSQL's clock.</param>
internal sealed record PendingDelivery(string IdempotencyKey, string Body, int Attempts, TimeSpan Age)
{
    /// <summary>The span of the checkpoint that wrote the transition; null when it was not traced.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>
/// The deliveries that are still to be made. Taking one moves its next attempt into the future, for longer than an attempt can last: that is what keeps other
/// instances from it, and what brings it back when this one dies. Of each alert only the oldest can be taken, so its transitions arrive in order.
/// </summary>
internal sealed class WebhookStore(NpgsqlDataSource database)
{
    // An id is ALERT-TIME-TRANSITION; of one alert, ids sort by time byte for byte. A row that another instance has just taken is skipped, or looked at again.
    private const string Take = """
        WITH oldest AS (
            SELECT DISTINCT ON (split_part(idempotency_key, '-', 1)) idempotency_key FROM webhook_deliveries
            ORDER BY split_part(idempotency_key, '-', 1), idempotency_key COLLATE "C"),
        due AS (
            SELECT d.idempotency_key FROM webhook_deliveries d JOIN oldest USING (idempotency_key)
            WHERE d.next_attempt_at <= now() ORDER BY d.next_attempt_at LIMIT $1 FOR UPDATE OF d SKIP LOCKED)
        UPDATE webhook_deliveries AS w SET attempts = w.attempts + 1, next_attempt_at = now() + $2 FROM due WHERE w.idempotency_key = due.idempotency_key
        RETURNING w.idempotency_key, w.body, w.attempts, now() - w.created_at, w.trace_parent
        """;

    private const string AnyDue = "SELECT EXISTS (SELECT 1 FROM webhook_deliveries WHERE next_attempt_at <= now())";

    private const string Delete = "DELETE FROM webhook_deliveries WHERE idempotency_key = $1";

    // Not when another instance has taken it meanwhile.
    private const string Postpone = """
        UPDATE webhook_deliveries SET next_attempt_at = now() + $3, last_error = $4 WHERE idempotency_key = $1 AND attempts = $2
        """;

    /// <summary>Takes some deliveries that are due, of different alerts.</summary>
    /// <param name="most">How many at most.</param>
    /// <param name="hold">For how long nobody else may take them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<PendingDelivery>> TakeAsync(int most, TimeSpan hold, CancellationToken cancellationToken)
    {
        await using var any = database.CreateCommand(AnyDue);
        if (await any.ExecuteScalarAsync(cancellationToken) is not true)
        {
            return [];
        }

        await using var take = database.CreateCommand(Take);
        take.Parameters.AddWithValue(most);
        take.Parameters.AddWithValue(hold);
        var taken = new List<PendingDelivery>();
        await using var reader = await take.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            taken.Add(new PendingDelivery(reader.GetString(0), reader.GetString(1), reader.GetInt32(2), reader.GetTimeSpan(3))
            {
                TraceParent = await reader.IsDBNullAsync(4, cancellationToken) ? null : reader.GetString(4),
            });
        }

        return taken;
    }

    /// <summary>It was delivered, or is given up.</summary>
    public async Task DeleteAsync(PendingDelivery delivery, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Delete);
        command.Parameters.AddWithValue(delivery.IdempotencyKey);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>It is tried again later.</summary>
    public async Task PostponeAsync(PendingDelivery delivery, TimeSpan pause, string error, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Postpone);
        command.Parameters.AddWithValue(delivery.IdempotencyKey);
        command.Parameters.AddWithValue(delivery.Attempts);
        command.Parameters.AddWithValue(pause);
        command.Parameters.AddWithValue(error);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
