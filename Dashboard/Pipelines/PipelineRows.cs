using System.Collections.Immutable;
using Npgsql;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Dashboard.Pipelines;

/// <summary>Reads the columns of <see cref="PipelineQueries"/>.</summary>
internal static class PipelineRows
{
    public static void Add(this NpgsqlBatch batch, string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        batch.BatchCommands.Add(command);
    }

    public static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text };

    public static NpgsqlParameter Of(object value) => new() { Value = value };

    /// <summary>An instant; the ends of time are PostgreSQL's infinities.</summary>
    public static DateTime Instant(long ms) =>
        ms <= DateTimeOffset.MinValue.ToUnixTimeMilliseconds() ? DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc)
        : ms >= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc)
        : DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime;

    /// <summary>The three result sets that say what pipelines there are; the database's clock is null when there is none.</summary>
    public static async Task<(DateTimeOffset? Time, ImmutableArray<PipelineInfo> Pipelines)> InfosAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        DateTimeOffset? time = null;
        var names = new List<(string Name, int Generation, bool IsPaused)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            time = reader.GetFieldValue<DateTimeOffset>(0);
            names.Add((reader.GetString(1), reader.GetInt32(2), reader.GetBoolean(3)));
        }

        var generations = (await NextAsync(reader, Generation, cancellationToken)).ToLookup(g => g.Pipeline, g => g.Generation);
        var partitions = (await NextAsync(reader, Partition, cancellationToken)).ToLookup(p => p.Pipeline, p => p.Partition);
        return (time, [.. names.Select(n => new PipelineInfo(n.Name, n.Generation, n.IsPaused, [.. generations[n.Name]], [.. partitions[n.Name]]))]);
    }

    public static async Task<List<T>> NextAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await reader.NextResultAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public static StoredRow Window(NpgsqlDataReader row) => new(
        Id(row),
        Interval(row),
        new BasicMeasures(row.GetInt64(7), (Int128)row.GetDecimal(8), row.GetInt64(9), row.GetInt64(10)),
        Late: row.GetInt64(11),
        IsFinal: row.GetBoolean(12),
        Version: row.GetInt64(13),
        StateBytes: row.IsDBNull(14) ? null : row.GetFieldValue<byte[]>(14));

    public static RemovedRow Removed(NpgsqlDataReader row) => new(Id(row), Interval(row), row.GetInt64(7));

    public static (PipelineAlert Alert, long Count) Alert(NpgsqlDataReader row) => (
        new PipelineAlert(
            row.GetString(0), row.GetString(1), OrNull(row, 2), row.GetBoolean(3), row.GetString(4), row.GetString(5), row.GetString(6), OrNull(row, 7), OrNull(row, 8),
            row.IsDBNull(9) ? null : row.GetDouble(9), row.IsDBNull(10) ? null : row.GetDouble(10)),
        row.GetInt64(11));

    private static RowId Id(NpgsqlDataReader row) => new(new RowSource(row.GetInt32(0), row.GetGuid(1), row.GetInt32(2)), row.GetBoolean(3), row.GetString(6));

    private static Window Interval(NpgsqlDataReader row) => Contracts.Windows.Window.Between(row.GetFieldValue<DateTimeOffset>(4), row.GetFieldValue<DateTimeOffset>(5));

    private static (string Pipeline, PipelineGenerationInfo Generation) Generation(NpgsqlDataReader row) => (
        row.GetString(0), new PipelineGenerationInfo(row.GetInt32(1), row.GetString(2), row.GetString(3), OrNull(row, 4), row.GetBoolean(5)));

    private static (string Pipeline, PipelinePartition Partition) Partition(NpgsqlDataReader row) => (
        row.GetString(0),
        new PipelinePartition(
            new RowSource(row.GetInt32(1), row.GetGuid(2), row.GetInt32(3)), row.GetString(4), row.GetInt64(5), row.GetInt64(6), row.IsDBNull(7) ? null : row.GetInt64(7), OrNull(row, 8),
            row.GetInt64(9), row.GetInt64(10), row.GetInt64(11), row.GetInt64(12), row.GetFieldValue<DateTimeOffset>(13)));

    private static DateTimeOffset? OrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
