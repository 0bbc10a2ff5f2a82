using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Npgsql;
using Streaming.Contracts.Pipelines;
using Streaming.Contracts.Windows;
using Streaming.Dashboard.Pipelines;

namespace Streaming.Dashboard.Devices;

/// <summary>Reads what the pipeline <c>sites</c> has stored, from whichever levels suit the range.</summary>
public sealed class SitePast(NpgsqlDataSource database, PipelineReader reader, IOptions<DashboardOptions> options)
{
    /// <summary>The pipeline whose roll-ups are shown.</summary>
    public const string Pipeline = "sites";

    private const string Windows = """
        SELECT generation, topic_id, partition, is_pane, window_start, window_end, group_key, count, sum, min, max, late, is_final, version, state
        FROM window_results WHERE pipeline = $1 AND window_name = $2 AND NOT is_pane AND generation = ANY ($3) AND window_start >= $4 AND window_start < $5
        """;

    /// <summary>A range of the past; null when the pipeline, its definition or its levels are not there.</summary>
    /// <exception cref="Queries.RangeTooLargeException">There are too many sites for so long a range.</exception>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<SitePeriod?> ReadAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var (time, pipelines) = await reader.ListAsync(cancellationToken);
        if (pipelines.FirstOrDefault(p => p.Name == Pipeline) is not { Description: { } description } info || time is not { } now)
        {
            return null;
        }

        var stretches = RangeTiling.Of(LevelsOf(description), Window.Between(from, to), now.ToUnixTimeMilliseconds());
        return SitePeriod.Of(description.Measures, await ReadAsync(info, description, stretches, cancellationToken));
    }

    /// <summary>The levels of a definition, finest first; none when it does not say how long its windows are kept.</summary>
    internal static IReadOnlyList<RollUpLevel> LevelsOf(PipelineDescription description) => RollUp.Levels(description.Windows, description.Kept);

    internal async Task<ImmutableArray<SlotCells>> ReadAsync(
        PipelineInfo info, PipelineDescription description, ImmutableArray<Stretch> stretches, CancellationToken cancellationToken)
    {
        var fold = Fold(info, description);
        foreach (var stretch in stretches)
        {
            await FoldAsync(info, stretch, fold, cancellationToken);
        }

        return fold.Slots(stretches);
    }

    internal SiteFold Fold(PipelineInfo info, PipelineDescription description) => new(info, description, options.Value.MaxPastRows, options.Value.MaxWindowBytes);

    private async Task FoldAsync(PipelineInfo info, Stretch stretch, SiteFold fold, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Windows);
        command.Parameters.Add(PipelineRows.Text(info.Name));
        command.Parameters.Add(PipelineRows.Text(stretch.Level.Windows.Name));
        command.Parameters.Add(PipelineRows.Of(info.Covers().Select(c => c.Generation).ToArray()));
        command.Parameters.Add(PipelineRows.Of(PipelineRows.Instant(stretch.Range.StartMs)));
        command.Parameters.Add(PipelineRows.Of(PipelineRows.Instant(stretch.Range.EndMs)));
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            fold.Add(stretch, PipelineRows.Window(rows));
        }
    }
}
