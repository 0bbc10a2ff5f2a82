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
    /// <summary>Rows asked for with one statement.</summary>
    private const int PageRows = 20_000;

    private const string ByKey = $"""
        SELECT {OpenRowSql.Columns} FROM unnest($5, $6, $7, $8, $9) AS m (window_name, is_pane, window_start, window_end, group_key)
        {RowLookupSql.Row} WHERE {RowLookupSql.IsFound} AND NOT r.is_final
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
        InputPartition partition, long version, IReadOnlyList<MissingRow> missing, WindowPlan windows, MeasurePlan measures, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // One snapshot: the rows are those of the version that was looked at.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        if ((await ProgressSql.ReadAsync(connection, partition, cancellationToken))?.Version != version)
        {
            return null;
        }

        await RowLookupSql.BeginAsync(connection, cancellationToken);
        var rows = new List<WindowRow>();
        foreach (var asked in missing.Chunk(PageRows))
        {
            await using var command = Command(connection, partition, asked);
            await OpenRowSql.ReadAsync(command, windows, measures, rows, cancellationToken);
        }

        return rows;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, InputPartition partition, MissingRow[] asked)
    {
        var command = new NpgsqlCommand(ByKey, connection);
        PartitionParameters.Add(command.Parameters, partition);
        Add(command, NpgsqlDbType.Text, asked, m => m.Of.Name);
        Add(command, NpgsqlDbType.Boolean, asked, m => m.IsPane);
        Add(command, NpgsqlDbType.TimestampTz, asked, m => m.Window.Start.UtcDateTime);
        Add(command, NpgsqlDbType.TimestampTz, asked, m => m.Window.End.UtcDateTime);
        Add(command, NpgsqlDbType.Text, asked, m => m.Key.Text);
        return command;
    }

    private static void Add<T>(NpgsqlCommand command, NpgsqlDbType type, MissingRow[] asked, Func<MissingRow, T> value) =>
        command.Parameters.Add(new() { Value = Array.ConvertAll(asked, m => value(m)), NpgsqlDbType = NpgsqlDbType.Array | type });
}
