using System.Text;
using Npgsql;
using NpgsqlTypes;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Alerts;

namespace Streaming.Aggregator.Alerts;

/// <summary>The alerts' part of step 2 of a checkpoint, and of a claim.</summary>
internal static class AlertSql
{
    private const string UpsertStates = """
        INSERT INTO alert_states AS a (pipeline, generation, topic_id, partition, version, rule, group_key, is_firing, state)
        SELECT $1, $2, $3, $4, $5, s.rule, s.group_key, s.is_firing, s.state::jsonb FROM unnest($6, $7, $8, $9) AS s (rule, group_key, is_firing, state)
        ON CONFLICT (pipeline, generation, topic_id, partition, rule, group_key) DO UPDATE SET
            is_firing = excluded.is_firing, state = excluded.state, version = excluded.version
        """;

    private const string DeleteStates = """
        DELETE FROM alert_states AS a USING unnest($5, $6) AS s (rule, group_key)
        WHERE a.pipeline = $1 AND a.generation = $2 AND a.topic_id = $3 AND a.partition = $4 AND a.rule = s.rule AND a.group_key = s.group_key
        """;

    // Each transition happens once: a second row of one breaks the key, and with it the checkpoint.
    private const string InsertTransitions = """
        INSERT INTO alerts (pipeline, generation, topic_id, partition, version, rule, group_key, at, transition, severity, window_name, window_start, window_end,
            value, threshold, message, trace_parent, created_at)
        SELECT $1, $2, $3, $4, $5, t.rule, t.group_key, t.at, t.transition, t.severity, t.window_name, t.window_start, t.window_end, t.value, t.threshold, t.message, $17, now()
        FROM unnest($6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
            AS t (rule, group_key, at, transition, severity, window_name, window_start, window_end, value, threshold, message)
        """;

    // Only the generation that people look at posts: a replay that builds another beside it finds last week's alerts once more.
    private const string InsertDeliveries = """
        INSERT INTO webhook_deliveries (pipeline, idempotency_key, body, attempts, next_attempt_at, trace_parent, created_at)
        SELECT $1, d.idempotency_key, d.body, 0, now(), $5, now() FROM unnest($3, $4) AS d (idempotency_key, body)
        WHERE NOT EXISTS (SELECT 1 FROM pipelines p WHERE p.name = $1 AND p.generation <> $2)
        ON CONFLICT (idempotency_key) DO NOTHING
        """;

    private const string LoadStates = """
        SELECT rule, group_key, is_firing, state::text FROM alert_states WHERE pipeline = $1 AND generation = $2 AND topic_id = $3 AND partition = $4
        """;

    /// <summary>Writes states, transitions and, where a webhook is configured, what is to be posted.</summary>
    public static async Task WriteAsync(
        NpgsqlConnection connection, IReadOnlyList<MovedPartition> moved, bool hasWebhook, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var partition in moved)
        {
            Add(batch, partition, hasWebhook);
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>What the rules remember of a partition.</summary>
    public static async Task<IReadOnlyList<StoredAlertState>> LoadAsync(NpgsqlConnection connection, InputPartition partition, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(LoadStates, connection);
        PartitionParameters.Add(command.Parameters, partition);
        var states = new List<StoredAlertState>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            states.Add(new StoredAlertState(reader.GetString(0), new GroupKey(reader.GetString(1)), reader.GetBoolean(2), reader.GetString(3)));
        }

        return states;
    }

    private static void Add(NpgsqlBatch batch, MovedPartition moved, bool hasWebhook)
    {
        var alerts = moved.Change.Alerts;
        var kept = alerts.States.Where(state => state.State is not null).ToList();
        if (kept.Count > 0)
        {
            var command = Add(batch, UpsertStates, moved.Change.Partition);
            command.Add(new() { Value = moved.Version });
            AddTexts(command, kept.Select(state => state.Rule));
            AddTexts(command, kept.Select(state => state.Key.Text));
            command.Add(new() { Value = kept.Select(state => state.IsFiring).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Boolean });
            AddTexts(command, kept.Select(state => state.State!));
        }

        var gone = alerts.States.Where(state => state.State is null).ToList();
        if (gone.Count > 0)
        {
            var command = Add(batch, DeleteStates, moved.Change.Partition);
            AddTexts(command, gone.Select(state => state.Rule));
            AddTexts(command, gone.Select(state => state.Key.Text));
        }

        if (alerts.Events.Count > 0)
        {
            AddTransitions(batch, moved, alerts.Events);
            AddDeliveries(batch, moved, hasWebhook ? alerts.Events : []);
        }
    }

    private static void AddTransitions(NpgsqlBatch batch, MovedPartition moved, IReadOnlyList<AlertEvent> events)
    {
        var command = Add(batch, InsertTransitions, moved.Change.Partition);
        command.Add(new() { Value = moved.Version });
        AddTexts(command, events.Select(e => e.Rule));
        AddTexts(command, events.Select(e => e.GroupKey));
        AddTimes(command, events.Select(e => e.At));
        AddTexts(command, events.Select(e => e.Transition));
        AddTexts(command, events.Select(e => e.Severity));
        AddTexts(command, events.Select(e => e.Window));
        AddTimes(command, events.Select(e => e.WindowStart));
        AddTimes(command, events.Select(e => e.WindowEnd));
        AddNumbers(command, events.Select(e => e.Value));
        AddNumbers(command, events.Select(e => e.Threshold));
        AddTexts(command, events.Select(e => e.Message));
        AddText(command, moved.TraceParent);
    }

    private static void AddDeliveries(NpgsqlBatch batch, MovedPartition moved, IReadOnlyList<AlertEvent> events)
    {
        if (events.Count == 0)
        {
            return;
        }

        var command = new NpgsqlBatchCommand(InsertDeliveries);
        batch.BatchCommands.Add(command);
        command.Parameters.Add(new() { Value = moved.Change.Partition.Pipeline });
        command.Parameters.Add(new() { Value = moved.Change.Partition.Generation });
        AddTexts(command.Parameters, events.Select(e => e.Id));
        AddTexts(command.Parameters, events.Select(e => Encoding.UTF8.GetString(AlertEventJson.Encode(e))));
        AddText(command.Parameters, moved.TraceParent);
    }

    private static NpgsqlParameterCollection Add(NpgsqlBatch batch, string sql, InputPartition partition)
    {
        var command = new NpgsqlBatchCommand(sql);
        batch.BatchCommands.Add(command);
        PartitionParameters.Add(command.Parameters, partition);
        return command.Parameters;
    }

    private static void AddText(NpgsqlParameterCollection parameters, string? value) =>
        parameters.Add(new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });

    private static void AddTexts(NpgsqlParameterCollection parameters, IEnumerable<string> values) =>
        parameters.Add(new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });

    private static void AddTimes(NpgsqlParameterCollection parameters, IEnumerable<DateTimeOffset> values) =>
        parameters.Add(new() { Value = values.Select(value => value.UtcDateTime).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });

    private static void AddNumbers(NpgsqlParameterCollection parameters, IEnumerable<double?> values) =>
        parameters.Add(new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Double });
}
