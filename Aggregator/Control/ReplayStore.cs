using System.Data;
using System.Data.Common;
using Npgsql;
using NpgsqlTypes;
using Streaming.Aggregator.Pipelines;

namespace Streaming.Aggregator.Control;

/// <summary>What the database knows of a source topic's progress.</summary>
/// <param name="Former">The active generation's progress by partition, in the topic as it is now.</param>
/// <param name="ReplacedWatermarkMs">The largest watermark in topics that have gone; null when there were none.</param>
/// <param name="Definition">The active generation's definition.</param>
internal sealed record KnownProgress(IReadOnlyDictionary<int, FormerProgress> Former, long? ReplacedWatermarkMs, string Definition);

/// <summary>The transactions that begin and give up a replay.</summary>
internal sealed class ReplayStore(NpgsqlDataSource database)
{
    private const string Progress = "SELECT partition, next_offset, watermark FROM checkpoints WHERE pipeline = $1 AND generation = $2 AND topic_id = $3";

    internal const string Replaced = """
        SELECT max(c.watermark) FROM checkpoints c JOIN pipeline_generations g ON g.pipeline = c.pipeline AND g.generation = c.generation
        WHERE c.pipeline = $1 AND c.topic_id <> $2 AND g.activated_at IS NOT NULL
        """;

    private const string Definition = "SELECT definition::text FROM pipeline_generations WHERE pipeline = $1 AND generation = $2";

    private const string Lock = "SELECT 1 FROM pipelines WHERE name = $1 FOR UPDATE";

    private const string FindBuilding = "SELECT generation FROM pipeline_generations WHERE pipeline = $1 AND state = 'building'";

    private const string Insert = """
        INSERT INTO pipeline_generations (pipeline, generation, fingerprint, definition, state, replay_from, covers_from, created_at)
        SELECT $1, max(generation) + 1, $2, $3::jsonb, 'building', $4, $5, now() FROM pipeline_generations WHERE pipeline = $1 RETURNING generation
        """;

    // Version 0: nobody has claimed it yet.
    private const string InsertStarts = """
        INSERT INTO checkpoints (pipeline, generation, topic_id, partition, topic, version, next_offset, outbox_seq, events, late, rejected, filtered, unknown_keys, owner, updated_at)
        SELECT $1, $2, $3, s.partition, $4, 0, s.next_offset, 0, 0, 0, 0, 0, 0, '', now() FROM unnest($5, $6) AS s (partition, next_offset)
        """;

    private const string Retire = "UPDATE pipeline_generations SET state = 'retired', retired_at = now() WHERE pipeline = $1 AND generation = $2";

    internal const string LockProgress = "SELECT 1 FROM checkpoints WHERE pipeline = $1 AND generation = $2 ORDER BY topic_id, partition FOR UPDATE";

    internal const string Fence = "UPDATE checkpoints SET version = version + 1 WHERE pipeline = $1 AND generation = $2";

    /// <exception cref="DbException">PostgreSQL is away.</exception>
    public async Task<KnownProgress> ReadProgressAsync(string pipeline, int active, Guid topicId, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Command(Progress, pipeline, active, topicId));
        batch.BatchCommands.Add(Command(Replaced, pipeline, topicId));
        batch.BatchCommands.Add(Command(Definition, pipeline, active));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var former = new Dictionary<int, FormerProgress>();
        while (await reader.ReadAsync(cancellationToken))
        {
            former[reader.GetInt32(0)] = new FormerProgress(reader.GetInt64(1), Ms(ControlStore.Instant(reader, 2)));
        }

        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var replaced = Ms(ControlStore.Instant(reader, 0));
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new KnownProgress(former, replaced, reader.GetString(0));
    }

    /// <summary>Begins a replay and returns its generation.</summary>
    /// <exception cref="ControlRefusedException">Another one is under way.</exception>
    public async Task<int> BeginAsync(PipelineDefinition pipeline, ReplayPlan plan, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        if (await LockAsync(connection, pipeline.Name, cancellationToken) is { } building)
        {
            throw new ControlRefusedException($"Generation {building} of '{pipeline.Name}' is being built already; cancel that replay first.");
        }

        await using var insert = new NpgsqlCommand(Insert, connection);
        insert.Parameters.Add(new() { Value = pipeline.Name });
        insert.Parameters.Add(new() { Value = pipeline.Fingerprint });
        insert.Parameters.Add(new() { Value = pipeline.Describe().ToJson(), NpgsqlDbType = NpgsqlDbType.Text });
        insert.Parameters.Add(new() { Value = (object?)plan.From?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        insert.Parameters.Add(new() { Value = (object?)plan.CoversFrom?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        var generation = (int)(await insert.ExecuteScalarAsync(cancellationToken))!;
        await InsertStartsAsync(connection, pipeline, generation, plan, cancellationToken);
        await NotifyAsync(connection, pipeline.Name, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return generation;
    }

    /// <summary>Gives up the replay under way and returns its generation.</summary>
    /// <exception cref="ControlRefusedException">There is none.</exception>
    public async Task<int> CancelAsync(string pipeline, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        var building = await LockAsync(connection, pipeline, cancellationToken)
            ?? throw new ControlRefusedException($"No generation of '{pipeline}' is being built.");
        foreach (var sql in new[] { Retire, LockProgress, Fence })
        {
            await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = pipeline }, new() { Value = building } } };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await NotifyAsync(connection, pipeline, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return building;
    }

    internal static async Task NotifyAsync(NpgsqlConnection connection, string pipeline, CancellationToken cancellationToken)
    {
        await using var notify = new NpgsqlCommand("SELECT pg_notify($1, $2)", connection)
        {
            Parameters = { new() { Value = ControlStore.Channel }, new() { Value = pipeline } },
        };
        await notify.ExecuteNonQueryAsync(cancellationToken);
    }

    internal static long? Ms(DateTime? instant) => instant is { } i ? new DateTimeOffset(i).ToUnixTimeMilliseconds() : null;

    /// <summary>Locks the pipeline against every other change of its generations; returns the one that is being built.</summary>
    private static async Task<int?> LockAsync(NpgsqlConnection connection, string pipeline, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Lock, connection) { Parameters = { new() { Value = pipeline } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
        // A statement of its own: its snapshot is taken when the lock is held.
        await using var find = new NpgsqlCommand(FindBuilding, connection) { Parameters = { new() { Value = pipeline } } };
        return (int?)await find.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task InsertStartsAsync(
        NpgsqlConnection connection, PipelineDefinition pipeline, int generation, ReplayPlan plan, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(InsertStarts, connection);
        command.Parameters.Add(new() { Value = pipeline.Name });
        command.Parameters.Add(new() { Value = generation });
        command.Parameters.Add(new() { Value = plan.TopicId });
        command.Parameters.Add(new() { Value = pipeline.Source.Name });
        command.Parameters.Add(new() { Value = plan.Starts.Select(start => start.Partition).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = plan.Starts.Select(start => start.Offset).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
