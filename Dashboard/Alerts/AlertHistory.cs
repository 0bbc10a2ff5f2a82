using System.Collections.Immutable;
using Npgsql;
using Streaming.Dashboard.Pipelines;

namespace Streaming.Dashboard.Alerts;

/// <summary>Asks the database for alerts, of all pipelines at once.</summary>
public sealed class AlertHistory(NpgsqlDataSource database)
{
    /// <summary>What fires, at most <see cref="AlertsSnapshot.Most"/> of it, and how much in all; and the newest that are over.</summary>
    public async Task<(int FiringCount, ImmutableArray<AlertRow> Rows)> NowAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.Add(AlertQueries.Firing, PipelineRows.Of(AlertsSnapshot.Most));
        batch.Add(AlertQueries.Begun, PipelineRows.Of(AlertsSnapshot.Most), PipelineRows.Of(DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc)), PipelineRows.Of(DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc)));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var firing = new List<(AlertRow Row, long Count)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            firing.Add((Row(reader), reader.GetInt64(14)));
        }

        var begun = await PipelineRows.NextAsync(reader, Row, cancellationToken);
        return ((int)firing.Select(f => f.Count).FirstOrDefault(), [.. firing.Select(f => f.Row), .. begun.Where(row => !row.IsFiring)]);
    }

    /// <summary>The alerts that began in a range of event time, newest first, those that fire above; at most <see cref="AlertsSnapshot.Most"/>.</summary>
    public async Task<ImmutableArray<AlertRow>> PastAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(AlertQueries.Begun);
        command.Parameters.Add(PipelineRows.Of(AlertsSnapshot.Most));
        command.Parameters.Add(PipelineRows.Of(from.UtcDateTime));
        command.Parameters.Add(PipelineRows.Of(to.UtcDateTime));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<AlertRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(Row(reader));
        }

        return [.. rows.OrderByDescending(row => row.IsFiring)];
    }

    private static AlertRow Row(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), Instant(row, 4), Instant(row, 5), row.GetBoolean(6), row.GetString(7), row.GetString(8),
        row.IsDBNull(9) ? null : new AlertWindow(row.GetString(9), row.GetFieldValue<DateTimeOffset>(10), row.GetFieldValue<DateTimeOffset>(11)),
        row.IsDBNull(12) ? null : row.GetDouble(12), row.IsDBNull(13) ? null : row.GetDouble(13))
    {
        TraceParent = row.IsDBNull(15) ? null : row.GetString(15),
    };

    private static DateTimeOffset? Instant(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
