using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Npgsql;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Pipelines;
using Streaming.Contracts.Windows;
using Streaming.Dashboard.Queries;

namespace Streaming.Dashboard.Pipelines;

/// <summary>Reads a past range of a pipeline's windows. Tumbling windows of a long range are merged to longer slots, exactly, while they are read.</summary>
public sealed class PastWindows(NpgsqlDataSource database, PipelineReader reader, IOptions<DashboardOptions> options)
{
    /// <summary>The most columns of a chart.</summary>
    public const int MostColumns = 60;

    private static readonly ImmutableArray<int> Factors = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080, 40320, 131040];

    /// <summary>The windows that start in the range; null when the pipeline or its definition is not there.</summary>
    /// <exception cref="RangeTooLargeException">The range holds more rows than one page can take.</exception>
    public async Task<PipelinePeriod?> ReadAsync(string pipeline, string? windowName, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var (_, pipelines) = await reader.ListAsync(cancellationToken);
        if (pipelines.FirstOrDefault(p => p.Name == pipeline) is not { Description: { } description } info)
        {
            return null;
        }

        var spec = description.Choose(windowName);
        var (columns, factor) = ColumnsFor(spec, to - from);
        var fold = new WindowFold(info, description, spec is SessionWindows ? null : columns, options.Value.MaxPastRows);
        await FoldAsync(info, spec, from, to, fold, cancellationToken);
        return Period(description, spec, columns, factor, from, to, fold.Windows());
    }

    /// <summary>Tumbling windows become slots of so many that there are no more than sixty; others overlap and stay as they are.</summary>
    public static (WindowGrid Columns, int Factor) ColumnsFor(WindowSpec spec, TimeSpan range)
    {
        var (size, offset) = spec switch
        {
            TumblingWindows w => (w.Size, w.Offset),
            SessionWindows => (spec.Period(), TimeSpan.Zero),
            _ => (TimeSpan.Zero, TimeSpan.Zero),
        };
        if (size == TimeSpan.Zero)
        {
            return (spec.Columns(), 1);
        }

        var factor = Factors.FirstOrDefault(f => range / (size * f) <= MostColumns && size * f <= WindowSpecs.Longest, 1);
        return (WindowGrid.Of(WindowSpecs.Tumbling(size * factor, offset)), factor);
    }

    private async Task FoldAsync(PipelineInfo info, WindowSpec spec, DateTimeOffset from, DateTimeOffset to, WindowFold fold, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT generation, topic_id, partition, is_pane, window_start, window_end, group_key, count, sum, min, max, late, is_final, version, state
            FROM window_results WHERE pipeline = $1 AND window_name = $2 AND NOT is_pane AND generation = ANY ($3) AND window_start >= $4 AND window_start < $5
            """);
        command.Parameters.Add(PipelineRows.Text(info.Name));
        command.Parameters.Add(PipelineRows.Text(spec.Name));
        command.Parameters.Add(PipelineRows.Of(info.Covers().Select(c => c.Generation).ToArray()));
        command.Parameters.Add(PipelineRows.Of(from.UtcDateTime));
        command.Parameters.Add(PipelineRows.Of(to.UtcDateTime));
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            fold.Add(PipelineRows.Window(rows));
        }
    }

    private static PipelinePeriod Period(
        PipelineDescription description, WindowSpec spec, WindowGrid columns, int factor, DateTimeOffset from, DateTimeOffset to, ImmutableArray<MeasuredWindow> windows)
    {
        var placed = spec is SessionWindows
            ? windows.GroupBy(w => columns.SliceOf(w.Window.StartMs)).ToDictionary(slot => slot.Key, slot => SessionSlot(description, slot.Key, slot))
            : windows.GroupBy(w => w.Window).ToDictionary(same => same.Key, same => same.ToImmutableArray());
        var shown = placed.Count == 0 ? [] : Gapless(columns, placed, from, to);
        var kept = shown.Length <= MostColumns ? shown : shown[^MostColumns..];
        return new PipelinePeriod(spec, description.Measures, kept, spec is SessionWindows ? windows : [.. kept.SelectMany(c => c.Cells)])
        {
            Merged = spec is TumblingWindows ? factor : 1,
            Note = kept.Length < shown.Length ? $"Only the last {kept.Length} windows of the range are shown: choose a shorter one, or longer windows." : null,
        };
    }

    private static ImmutableArray<WindowColumn> Gapless(WindowGrid grid, Dictionary<Window, ImmutableArray<MeasuredWindow>> placed, DateTimeOffset from, DateTimeOffset to)
    {
        var columns = ImmutableArray.CreateBuilder<WindowColumn>();
        var last = placed.Keys.Max(w => w.EndMs);
        for (var window = placed.Keys.MinBy(w => (w.EndMs, w.StartMs)); window.EndMs <= last && window.StartMs < to.ToUnixTimeMilliseconds() && columns.Count < 50_000; window = grid.After(window))
        {
            var cells = placed.GetValueOrDefault(window, []);
            columns.Add(new WindowColumn(window, cells, cells.Any(cell => !cell.IsFinal)));
        }

        return columns.ToImmutable();
    }

    /// <summary>The sessions of each key that began in a slot. Their sketches were read already, so only what lies in columns adds up.</summary>
    private static ImmutableArray<MeasuredWindow> SessionSlot(PipelineDescription description, Window slot, IEnumerable<MeasuredWindow> sessions) =>
        [.. sessions.GroupBy(s => s.Key, StringComparer.Ordinal).Select(key => WindowFold.Together(description.Measures, slot, key.Key, [.. key]))];
}
