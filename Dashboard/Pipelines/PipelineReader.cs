using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Npgsql;
using Streaming.Contracts.Windows;
using static Streaming.Dashboard.Pipelines.PipelineRows;

namespace Streaming.Dashboard.Pipelines;

/// <summary>Asks the database about pipelines; every answer is of one consistent moment.</summary>
public sealed class PipelineReader(NpgsqlDataSource database, IOptions<DashboardOptions> options)
{
    /// <summary>All pipelines, by name, and the database's clock.</summary>
    public async Task<(DateTimeOffset? Time, ImmutableArray<PipelineInfo> Pipelines)> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        return await InfosAsync(connection, transaction, null, cancellationToken);
    }

    /// <summary>Whether there is a pipeline of this name.</summary>
    public async Task<bool> ExistsAsync(string pipeline, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT EXISTS (SELECT FROM pipelines WHERE name = $1)");
        command.Parameters.Add(Text(pipeline));
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Everything about one kind of windows of a pipeline beyond <paramref name="cursor"/>.</summary>
    /// <param name="pipeline">Its name.</param>
    /// <param name="windowName">The kind of windows; null for the first of the definition.</param>
    /// <param name="cursor">What is known already.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<PipelineChanges> ReadAsync(string pipeline, string? windowName, PipelineCursor cursor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        var (time, pipelines) = await InfosAsync(connection, transaction, pipeline, cancellationToken);
        if (pipelines is not [var info])
        {
            return new PipelineChanges(time ?? DateTimeOffset.UnixEpoch, null, "", IsReload: true, [], IsCut: false, [], PipelineAlerts.None);
        }

        var spec = info.Description?.Choose(windowName);
        var epoch = Epoch(info, spec);
        var isReload = cursor.Epoch != epoch;
        var seen = isReload ? PipelineCursor.Start : cursor;
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.Add(PipelineQueries.Firing, Text(pipeline), Of(info.Generation), Of(PipelineAlerts.Shown));
        batch.Add(PipelineQueries.Transitions, Text(pipeline), Of(info.Generation), Of(PipelineAlerts.Shown));
        if (spec is not null)
        {
            AddWindows(batch, info, spec, time!.Value, seen);
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var firing = await AlertsAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var transitions = await AlertsAsync(reader, cancellationToken);
        var alerts = new PipelineAlerts([.. firing.Select(f => f.Alert)], (int)firing.Select(f => f.Count).FirstOrDefault(), [.. transitions.Select(t => t.Alert)]);
        if (spec is null)
        {
            return new PipelineChanges(time!.Value, info, epoch, isReload, [], IsCut: false, [], alerts);
        }

        var removed = await NextAsync(reader, Removed, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var (rows, isCut) = await WindowsAsync(reader, cancellationToken);
        return new PipelineChanges(time!.Value, info, epoch, isReload, rows, isCut, removed, alerts);
    }

    /// <summary>The largest watermark of the generation that is shown; null before the first event.</summary>
    internal static DateTimeOffset? NewestWatermark(PipelineInfo info) => info.Shown.Max(p => p.Watermark);

    /// <summary>Another generation, another stretch of one, or another definition: rows that were read before mean something else.</summary>
    private static string Epoch(PipelineInfo info, WindowSpec? spec) =>
        $"{spec?.Fingerprint()} {info.Description?.Measures.Fingerprint} {info.Description?.Grace} {info.Description?.IsKeyedByRecord} {string.Join(' ', info.Covers())}";

    private void AddWindows(NpgsqlBatch batch, PipelineInfo info, WindowSpec spec, DateTimeOffset databaseTime, PipelineCursor seen)
    {
        var covers = info.Covers();
        var from = (NewestWatermark(info) ?? databaseTime) - spec.Horizon();
        NpgsqlParameter[] Seen() => [Of(seen.Versions.Keys.Select(s => s.Generation).ToArray()), Of(seen.Versions.Keys.Select(s => s.TopicId).ToArray()), Of(seen.Versions.Keys.Select(s => s.Partition).ToArray()), Of(seen.Versions.Values.ToArray())];
        batch.Add(PipelineQueries.Tombstones, [Text(info.Name), Text(spec.Name), .. Seen()]);
        batch.Add(PipelineQueries.Windows,
        [
            Text(info.Name), Text(spec.Name), Of(covers.Select(c => c.Generation).ToArray()), Of(covers.Select(c => Instant(c.FromMs)).ToArray()),
            Of(covers.Select(c => Instant(c.UntilMs)).ToArray()), Of(from.UtcDateTime), .. Seen(), Of(options.Value.MaxWindows + 1),
        ]);
    }

    /// <summary>Reads until the bounds of what may be held are reached. A start of which not all rows were read is told by <c>IsCut</c>.</summary>
    private async Task<(List<StoredRow> Rows, bool IsCut)> WindowsAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var rows = new List<StoredRow>();
        var bytes = 0L;
        while (await reader.ReadAsync(cancellationToken))
        {
            if (rows.Count >= options.Value.MaxWindows || bytes > options.Value.MaxWindowBytes)
            {
                return (rows, true);
            }

            var row = Window(reader);
            rows.Add(row);
            bytes += row.Bytes;
        }

        return (rows, false);
    }

    private static async Task<List<(PipelineAlert Alert, long Count)>> AlertsAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var rows = new List<(PipelineAlert, long)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(Alert(reader));
        }

        return rows;
    }

    private static async Task<(DateTimeOffset? Time, ImmutableArray<PipelineInfo> Pipelines)> InfosAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string? pipeline, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.Add(PipelineQueries.Pipelines, Text(pipeline));
        batch.Add(PipelineQueries.Generations, Text(pipeline));
        batch.Add(PipelineQueries.Checkpoints, Text(pipeline));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await PipelineRows.InfosAsync(reader, cancellationToken);
    }
}
