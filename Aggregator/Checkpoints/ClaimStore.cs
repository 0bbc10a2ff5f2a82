using System.Data;
using System.Data.Common;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using NpgsqlTypes;
using Streaming.Aggregator.Alerts;
using Streaming.Aggregator.Control;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Checkpoints;

/// <summary>
/// Claims partitions. From a claim on, whatever an older owner tries fails its guard, even a checkpoint that moves no offset. The numbered steps are those of
/// docs/semantics.md, "A claim, step by step".
/// </summary>
public sealed class ClaimStore(NpgsqlDataSource database, string owner)
{
    /// <summary>How long a claim waits for another instance's lock before that instance's session is ended.</summary>
    public static readonly TimeSpan DefaultLockLimit = TimeSpan.FromSeconds(5);

    private const string Sql = """
        INSERT INTO checkpoints AS c
            (pipeline, generation, topic_id, partition, topic, version, next_offset, outbox_seq, events, late, rejected, filtered, unknown_keys, owner, updated_at)
        VALUES ($1, $2, $3, $4, $5, 1, $6, 0, 0, 0, 0, 0, 0, $7, now())
        ON CONFLICT (pipeline, generation, topic_id, partition) DO UPDATE SET version = c.version + 1, owner = $7, updated_at = now()
        RETURNING version, next_offset, watermark
        """;

    // Locked until the claim commits: a generation that is retired meanwhile waits for the claim, and then raises the version past it.
    private const string State = "SELECT state FROM pipeline_generations WHERE pipeline = $1 AND generation = $2 FOR SHARE";

    // An open window's end + grace lies beyond the watermark; the lower bound on its start keeps the scan of the key short. Sessions have no longest.
    private const string OpenRows = $"""
        SELECT {OpenRowSql.Columns} FROM window_results AS r
        WHERE pipeline = $1 AND generation = $2 AND topic_id = $3 AND partition = $4 AND window_name = ANY($5) AND NOT is_final
            AND (window_start >= $6 OR window_name = ANY($7))
        """;

    // Where those rows lie, when they are not loaded. Of sessions also whose they are.
    private const string Slices = """
        SELECT DISTINCT r.window_name, r.is_pane, r.window_start, r.window_end, NULL AS group_key FROM window_results AS r
        WHERE pipeline = $1 AND generation = $2 AND topic_id = $3 AND partition = $4 AND window_name = ANY($5) AND NOT is_final
            AND window_start >= $6 AND NOT (window_name = ANY($7))
        UNION ALL
        SELECT r.window_name, r.is_pane, r.window_start, r.window_end, r.group_key FROM window_results AS r
        WHERE pipeline = $1 AND generation = $2 AND topic_id = $3 AND partition = $4 AND window_name = ANY($7) AND NOT is_final
        """;

    /// <summary>For tests that die after a step: called with the step's number once it is done, before the next begins.</summary>
    internal Action<int>? AfterStep { get; init; }

    /// <summary>
    /// About how many bytes of memory the open rows may take that a claim loads. Where they would take more they stay where they are, and only where they lie is
    /// loaded: what is needed of them is loaded when it is needed.
    /// </summary>
    public long MaxRowBytes { get; init; } = long.MaxValue;

    /// <summary>How long a claim waits for another instance's lock before that instance's session is ended (it may be frozen in a transaction).</summary>
    public TimeSpan LockLimit { get; init; } = DefaultLockLimit;

    /// <summary>Takes a line for each session that held a claim up.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Claims a partition and loads its open windows and alert states, in one transaction.</summary>
    /// <param name="partition">What to claim.</param>
    /// <param name="logStart">Where a partition that nobody has claimed before begins: the first offset that the log still has.</param>
    /// <param name="windows">The pipeline's windows.</param>
    /// <param name="measures">What it measures of each.</param>
    /// <param name="cancellationToken">Gives up waiting; nothing is claimed then.</param>
    /// <exception cref="DbException">PostgreSQL refused or is away.</exception>
    /// <exception cref="GenerationRetiredException">The generation has been replaced or given up.</exception>
    /// <exception cref="MeasureStateException">A stored state is none of these measures.</exception>
    public async Task<Claim> ClaimAsync(
        InputPartition partition, long logStart, WindowPlan windows, MeasurePlan measures, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);

        // Step 1: raise the version under the row's lock; what an older owner has under way is waited for, but not for ever.
        var (version, nextOffset, watermark) = await new BlockedClaim(database, LockLimit, Logger).RunAsync(
            () => MoveLivingAsync(connection, partition, logStart, cancellationToken), connection.ProcessID, partition, cancellationToken);
        AfterStep?.Invoke(1);

        // Step 2: load the open windows and alert states that this version is to go on with.
        var (rows, stored) = version == 1 ? ([], []) : await LoadAsync(connection, partition, windows, measures, EarliestStart(watermark, windows), cancellationToken);
        var alertStates = version == 1 ? [] : await AlertSql.LoadAsync(connection, partition, cancellationToken);
        AfterStep?.Invoke(2);

        // Step 3: commit. From here on every older owner is refused.
        await transaction.CommitAsync(cancellationToken);
        AfterStep?.Invoke(3);
        return new Claim(partition, version, nextOffset, watermark is { } w ? new DateTimeOffset(w).ToUnixTimeMilliseconds() : null, rows, version == 1)
        {
            Stored = stored,
            AlertStates = alertStates,
        };
    }

    private async Task<(long Version, long NextOffset, DateTime? Watermark)> MoveLivingAsync(
        NpgsqlConnection connection, InputPartition partition, long logStart, CancellationToken cancellationToken)
    {
        await RequireLivingAsync(connection, partition, cancellationToken);
        return await MoveAsync(connection, partition, logStart, cancellationToken);
    }

    private static async Task RequireLivingAsync(NpgsqlConnection connection, InputPartition partition, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(State, connection) { Parameters = { new() { Value = partition.Pipeline }, new() { Value = partition.Generation } } };
        if (await command.ExecuteScalarAsync(cancellationToken) is GenerationStates.Retired)
        {
            throw new GenerationRetiredException(partition);
        }
    }

    private async Task<(long Version, long NextOffset, DateTime? Watermark)> MoveAsync(
        NpgsqlConnection connection, InputPartition partition, long logStart, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        PartitionParameters.Add(command.Parameters, partition);
        command.Parameters.Add(new() { Value = partition.Topic });
        command.Parameters.Add(new() { Value = logStart });
        command.Parameters.Add(new() { Value = owner });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetInt64(1), await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetDateTime(2));
    }

    private static DateTime EarliestStart(DateTime? watermark, WindowPlan windows) =>
        watermark is { } w ? w - windows.Grace - windows.LongestSize : DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc).AddYears(1);

    private async Task<(IReadOnlyList<WindowRow> Rows, IReadOnlyList<StoredRows> Stored)> LoadAsync(
        NpgsqlConnection connection, InputPartition partition, WindowPlan windows, MeasurePlan measures, DateTime earliestStart, CancellationToken cancellationToken)
    {
        var rows = new List<WindowRow>();
        long bytes = 0;
        var cursor = new RowCursor(connection, "open_rows", OpenRows, parameters => AddParameters(parameters, partition, windows, earliestStart));
        await foreach (var row in cursor.ReadAsync(windows, measures, cancellationToken))
        {
            bytes += Cost.Of(row);
            if (bytes > MaxRowBytes)
            {
                return ([], await LoadStoredAsync(connection, partition, windows, earliestStart, cancellationToken));
            }

            rows.Add(row);
        }

        return (rows, []);
    }

    private static async Task<IReadOnlyList<StoredRows>> LoadStoredAsync(
        NpgsqlConnection connection, InputPartition partition, WindowPlan windows, DateTime earliestStart, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Slices, connection);
        AddParameters(command.Parameters, partition, windows, earliestStart);
        var byName = windows.Windows.ToDictionary(w => w.Name);
        var stored = new List<StoredRows>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var window = Window.Between(new DateTimeOffset(reader.GetDateTime(2)), new DateTimeOffset(reader.GetDateTime(3)));
            var keyHash = await reader.IsDBNullAsync(4, cancellationToken) ? 0 : new GroupKey(reader.GetString(4)).GetHashCode();
            stored.Add(new StoredRows(byName[reader.GetString(0)], window, reader.GetBoolean(1), keyHash));
        }

        return stored;
    }

    private static void AddParameters(NpgsqlParameterCollection parameters, InputPartition partition, WindowPlan windows, DateTime earliestStart)
    {
        PartitionParameters.Add(parameters, partition);
        parameters.Add(new() { Value = windows.Windows.Select(w => w.Name).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        parameters.Add(new() { Value = earliestStart, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        parameters.Add(new() { Value = windows.Windows.OfType<SessionWindows>().Select(w => w.Name).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
    }
}
