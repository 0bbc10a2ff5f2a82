using System.Data;
using System.Data.Common;
using Npgsql;
using NpgsqlTypes;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Telemetry;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Pipelines;
using KafkaException = Confluent.Kafka.KafkaException;

namespace Streaming.Aggregator.Control;

/// <summary>
/// Lets a generation that has caught up take over, in one transaction. Any instance may try, at any moment: the rows decide, under their locks. Used by one
/// supervisor.
/// </summary>
internal sealed class TakeOver(PipelineDefinition pipeline, NpgsqlDataSource database, SourceLog log, ILogger logger)
{
    // A frozen instance may hold a checkpoint row's lock; a claim ends its session, this waits for the next second.
    // If it is this instance that freezes in here, its own session is ended.
    private const string Limit = "SET LOCAL lock_timeout = '3s'; SET LOCAL idle_in_transaction_session_timeout = '10s'";

    private const string LockPipeline = "SELECT generation FROM pipelines WHERE name = $1 FOR UPDATE";

    private const string LockGeneration = "SELECT state FROM pipeline_generations WHERE pipeline = $1 AND generation = $2 FOR UPDATE";

    private const string Offsets = "SELECT generation, partition, next_offset FROM checkpoints WHERE pipeline = $1 AND generation IN ($2, $3) AND topic_id = $4";

    private const string Definition = "SELECT definition::text FROM pipeline_generations WHERE pipeline = $1 AND generation = $2";

    private const string Activate = """
        UPDATE pipeline_generations SET state = 'active', activated_at = now(), covers_from = greatest(covers_from, $3) WHERE pipeline = $1 AND generation = $2
        """;

    private const string Retire = "UPDATE pipeline_generations SET state = 'retired', retired_at = now() WHERE pipeline = $1 AND generation = $2";

    private const string Show = "UPDATE pipelines SET generation = $2 WHERE name = $1";

    private (int Generation, IReadOnlyDictionary<int, long> Former)? _last;

    /// <summary>Looks once; true when this call has made the generation the active one.</summary>
    /// <exception cref="DbException">PostgreSQL is away.</exception>
    /// <exception cref="KafkaException">The broker is away.</exception>
    public async Task<bool> LookAsync(ControlRows rows, CancellationToken cancellationToken)
    {
        if (rows.Building is not { } building || rows.IsPaused || building.Fingerprint != pipeline.Fingerprint
            || await log.FindAsync(pipeline.Source.Name, cancellationToken) is not { } topic)
        {
            _last = null;
            return false;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var (former, own) = await ReadAsync(connection, rows.ActiveNumber, building.Number, topic.Id, cancellationToken);
        var goals = _last is { } last && last.Generation == building.Number ? last.Former : null;
        _last = (building.Number, former);
        return goals is not null && IsReached(goals, former, own)
            && await TryAsync(connection, rows.ActiveNumber, building.Number, topic.Id, goals, cancellationToken);
    }

    /// <summary>
    /// Whether a generation has come, in every partition of the former one, as far as that was at an earlier look. Where the former had no checkpoint then, as far
    /// as it is now.
    /// </summary>
    internal static bool IsReached(IReadOnlyDictionary<int, long> goals, IReadOnlyDictionary<int, long> former, IReadOnlyDictionary<int, long> own) =>
        former.All(partition => own.TryGetValue(partition.Key, out var offset) && offset >= goals.GetValueOrDefault(partition.Key, partition.Value));

    private async Task<bool> TryAsync(
        NpgsqlConnection connection, int active, int building, Guid topicId, IReadOnlyDictionary<int, long> goals, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        await ExecuteAsync(connection, Limit, cancellationToken);
        if (await ScalarAsync(connection, LockPipeline, cancellationToken, pipeline.Name) is not int now || now != active
            || await ScalarAsync(connection, LockGeneration, cancellationToken, pipeline.Name, building) is not GenerationStates.Building)
        {
            return false;
        }

        // A claim of the former generation waits for this row and then finds it retired; a checkpoint waits for its own row and then finds another version.
        await ExecuteAsync(connection, Retire, cancellationToken, pipeline.Name, active);
        await ExecuteAsync(connection, ReplayStore.LockProgress, cancellationToken, pipeline.Name, active);
        var (former, own) = await ReadAsync(connection, active, building, topicId, cancellationToken);
        if (!IsReached(goals, former, own))
        {
            return false;
        }

        await ExecuteAsync(connection, ReplayStore.Fence, cancellationToken, pipeline.Name, active);
        await ExecuteAsync(connection, Activate, cancellationToken, pipeline.Name, building, await ReplacedAsync(connection, active, topicId, cancellationToken) ?? (object)DBNull.Value);
        await ExecuteAsync(connection, Show, cancellationToken, pipeline.Name, building);
        await ReplayStore.NotifyAsync(connection, pipeline.Name, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        AggregatorLog.TookOver(logger, pipeline.Name, building, active);
        return true;
    }

    /// <summary>Windows before this instant may hold events of a topic that is gone; null when none is.</summary>
    private async Task<DateTime?> ReplacedAsync(NpgsqlConnection connection, int active, Guid topicId, CancellationToken cancellationToken)
    {
        if (await ScalarAsync(connection, ReplayStore.Replaced, cancellationToken, pipeline.Name, topicId) is not DateTime watermark)
        {
            return null;
        }

        var definition = (string?)await ScalarAsync(connection, Definition, cancellationToken, pipeline.Name, active);
        var former = PipelineDescription.TryParse(definition ?? "")?.OutOfOrderness ?? TimeSpan.Zero;
        var windows = former > pipeline.Windows.OutOfOrderness ? pipeline.Windows with { OutOfOrderness = former } : pipeline.Windows;
        var facts = new CoverageFacts(null, false, false, null, ReplayStore.Ms(watermark), 0);
        return DateTimeOffset.FromUnixTimeMilliseconds(Coverage.FromMs([], facts, windows)!.Value).UtcDateTime;
    }

    private async Task<(Dictionary<int, long> Former, Dictionary<int, long> Own)> ReadAsync(
        NpgsqlConnection connection, int active, int building, Guid topicId, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, Offsets, pipeline.Name, active, building, topicId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (former, own) = (new Dictionary<int, long>(), new Dictionary<int, long>());
        while (await reader.ReadAsync(cancellationToken))
        {
            (reader.GetInt32(0) == active ? former : own)[reader.GetInt32(1)] = reader.GetInt64(2);
        }

        return (former, own);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = Command(connection, sql, values);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = Command(connection, sql, values);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(value == DBNull.Value ? new NpgsqlParameter { Value = value, NpgsqlDbType = NpgsqlDbType.TimestampTz } : new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
