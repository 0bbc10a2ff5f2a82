using System.Data;
using System.Data.Common;
using Npgsql;
using NpgsqlTypes;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Measures;

namespace Streaming.Aggregator.Checkpoints;

/// <summary>Loads rows that were evicted from memory, as the partition's last checkpoint left them.</summary>
internal sealed class RecallStore(NpgsqlDataSource database)
{
    private const string ByKey = $"""
        SELECT {OpenRowSql.Columns} FROM unnest($5, $6, $7, $8, $9) AS m (window_name, is_pane, window_start, window_end, group_key)
        JOIN window_results AS r ON r.pipeline = $1 AND r.generation = $2 AND r.topic_id = $3 AND r.partition = $4 AND r.window_name = m.window_name
            AND r.is_pane = m.is_pane AND r.window_start = m.window_start AND r.window_end = m.window_end AND r.group_key = m.group_key
        WHERE NOT r.is_final
        """;

    private const string ByWindow = $"""
        SELECT {OpenRowSql.Columns} FROM unnest($5, $6, $7, $8) AS m (window_name, is_pane, window_start, window_end)
        JOIN window_results AS r ON r.pipeline = $1 AND r.generation = $2 AND r.topic_id = $3 AND r.partition = $4 AND r.window_name = m.window_name
            AND r.is_pane = m.is_pane AND r.window_start = m.window_start AND r.window_end = m.window_end
        WHERE NOT r.is_final
        """;

    /// <summary>The rows that are stored of those asked for; null when the partition is another instance's by now.</summary>
    /// <param name="partition">Whose rows.</param>
    /// <param name="version">The version that this instance wrote or claimed last.</param>
    /// <param name="missing">What is asked for.</param>
    /// <param name="windows">The pipeline's windows.</param>
    /// <param name="measures">What it measures.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DbException">PostgreSQL refused or is away.</exception>
    /// <exception cref="MeasureStateException">A stored state is none of these measures.</exception>
    public async Task<IReadOnlyList<WindowRow>?> LoadAsync(
        InputPartition partition, long version, IReadOnlyList<MissingRows> missing, WindowPlan windows, MeasurePlan measures, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // One snapshot: the rows are those of the version that was looked at.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        if ((await ProgressSql.ReadAsync(connection, partition, cancellationToken))?.Version != version)
        {
            return null;
        }

        var rows = new List<WindowRow>();
        foreach (var (sql, asked) in new[] { (ByKey, missing.Where(m => m.Key is not null).ToList()), (ByWindow, missing.Where(m => m.Key is null).ToList()) })
        {
            if (asked.Count > 0)
            {
                await using var command = Command(sql, connection, partition, asked);
                await OpenRowSql.ReadAsync(command, windows, measures, rows, cancellationToken);
            }
        }

        return rows;
    }

    private static NpgsqlCommand Command(string sql, NpgsqlConnection connection, InputPartition partition, List<MissingRows> asked)
    {
        var command = new NpgsqlCommand(sql, connection);
        PartitionParameters.Add(command.Parameters, partition);
        Add(command, NpgsqlDbType.Text, asked.ConvertAll(m => m.Of.Name));
        Add(command, NpgsqlDbType.Boolean, asked.ConvertAll(m => m.IsPane));
        Add(command, NpgsqlDbType.TimestampTz, asked.ConvertAll(m => m.Window.Start.UtcDateTime));
        Add(command, NpgsqlDbType.TimestampTz, asked.ConvertAll(m => m.Window.End.UtcDateTime));
        if (sql == ByKey)
        {
            Add(command, NpgsqlDbType.Text, asked.ConvertAll(m => m.Key!.Text));
        }

        return command;
    }

    private static void Add<T>(NpgsqlCommand command, NpgsqlDbType type, List<T> values) =>
        command.Parameters.Add(new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type });
}
