using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Npgsql;
using Streaming.Contracts.Pipelines;
using Streaming.Contracts.Windows;
using Streaming.Dashboard.Pipelines;
using Streaming.Dashboard.Queries;

namespace Streaming.Dashboard.Proof;

/// <summary>Has the database count what the stream has counted, and holds the two against each other.</summary>
public sealed class ProofReader(NpgsqlDataSource database, PipelineReader pipelines, IOptions<DashboardOptions> options)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>The newest minutes up to the one that is open.</summary>
    public async Task<ProofTable> NewestAsync(int minutes, CancellationToken cancellationToken)
    {
        var (info, now) = await FindAsync(cancellationToken);
        if (info is null || PipelineReader.NewestWatermark(info) is not { } newest)
        {
            return info is null ? ProofTable.Nothing : ProofTable.Nothing with { Pipeline = info.Name };
        }

        // The open minute is the one after the watermark's, or the watermark's own.
        var end = ProofRange.Floor(newest + info.Description!.OutOfOrderness) + Minute;
        return await ReadAsync(info, end - (minutes * Minute), end, now, cancellationToken);
    }

    /// <summary>The minutes of a range of which raw events are kept.</summary>
    /// <exception cref="RangeTooLargeException">They hold more keys than one page can take.</exception>
    public async Task<ProofTable> PastAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var (info, now) = await FindAsync(cancellationToken);
        return info is null ? ProofTable.Nothing : await ReadAsync(info, ProofRange.Floor(from), ProofRange.Floor(to), now, cancellationToken);
    }

    private async Task<(PipelineInfo? Info, DateTimeOffset Now)> FindAsync(CancellationToken cancellationToken)
    {
        var (time, all) = await pipelines.ListAsync(cancellationToken);
        var info = all.FirstOrDefault(p => p.Name == options.Value.ProofPipeline);
        return info?.Description is { } description && KindOf(description) is not null ? (info, time!.Value) : (null, default);
    }

    private static TumblingWindows? KindOf(PipelineDescription description) =>
        description.Windows.OfType<TumblingWindows>().FirstOrDefault(w => w.Size == Minute && w.Offset == TimeSpan.Zero);

    private async Task<ProofTable> ReadAsync(PipelineInfo info, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var description = info.Description!;
        var scale = description.Measures.Fields is [{ } amount, ..] ? amount.Scale : 0;
        if (await KeptAsync(info, now, cancellationToken) is not { } kept)
        {
            return new ProofTable(info.Name, null, scale, []);
        }

        // What is older is not there to be compared, and counting it would cost.
        var first = from > kept.From ? from : kept.From;
        if (first >= to)
        {
            return new ProofTable(info.Name, kept.From, scale, []);
        }

        var cells = await CellsAsync(info, description, first, to, cancellationToken);
        var passed = info.SmallestWatermark(info.Generation) - description.Grace;

        // A minute of which there are late events alone has no window.
        var minutes = cells.GroupBy(cell => cell.Minute).Where(minute => minute.Any(cell => cell.Cell.Stream.Count > 0 || cell.Cell.Database.Count > 0)).OrderByDescending(minute => minute.Key).Select(minute => new ProofMinute(
            minute.Key, minute.Key + Minute <= passed, minute.Key < kept.Until, [.. minute.Select(cell => cell.Cell).OrderBy(cell => cell.Key, StringComparer.Ordinal)]));
        return new ProofTable(info.Name, kept.From, scale, [.. minutes]);
    }

    private async Task<KeptRange?> KeptAsync(PipelineInfo info, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(ProofQueries.Kept);
        command.Parameters.Add(PipelineRows.Text(info.Name));
        command.Parameters.Add(PipelineRows.Of(info.Generation));
        command.Parameters.Add(PipelineRows.Of(info.Shown.Select(p => p.Source.TopicId).ToArray()));
        command.Parameters.Add(PipelineRows.Of(info.Shown.Select(p => p.Source.Partition).ToArray()));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var firsts = new List<(long Offset, DateTimeOffset Time)>();
        DateTimeOffset? newest = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            newest = await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetFieldValue<DateTimeOffset>(2);
            if (!await reader.IsDBNullAsync(0, cancellationToken))
            {
                firsts.Add((reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1)));
            }
        }

        return newest is { } last ? ProofRange.Kept(info, firsts, last, now - options.Value.EventsKept) : null;
    }

    private async Task<List<(DateTimeOffset Minute, ProofCell Cell)>> CellsAsync(
        PipelineInfo info, PipelineDescription description, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var most = options.Value.MaxPastRows;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);

        // Compiling the statement would take longer than running it, and sorting on disk, too.
        batch.Add("SET LOCAL jit = off");
        batch.Add("SET LOCAL work_mem = '32MB'");
        batch.Add(
            ProofQueries.BothWays, PipelineRows.Text(info.Name), PipelineRows.Of(info.Generation), PipelineRows.Of(from.UtcDateTime), PipelineRows.Of(to.UtcDateTime),
            PipelineRows.Of(description.OutOfOrderness), PipelineRows.Of(description.Grace), PipelineRows.Text(KindOf(description)!.Name), PipelineRows.Of(most + 1));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var cells = new List<(DateTimeOffset, ProofCell)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            cells.Add((reader.GetFieldValue<DateTimeOffset>(0), new ProofCell(reader.GetString(1), Figures(reader, 2), Figures(reader, 5))));
        }

        return cells.Count <= most ? cells : throw new RangeTooLargeException();
    }

    private static ProofFigures Figures(NpgsqlDataReader row, int column) => new(row.GetInt64(column), row.GetDecimal(column + 1), row.GetInt64(column + 2));
}
