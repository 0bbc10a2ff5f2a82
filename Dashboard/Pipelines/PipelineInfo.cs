using System.Collections.Immutable;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Pipelines;
using Streaming.Contracts.Windows;

namespace Streaming.Dashboard.Pipelines;

/// <summary>How far one input partition of a generation has come, as of its newest checkpoint.</summary>
public sealed record PipelinePartition(
    RowSource Source, string Topic, long Version, long NextOffset, long? EndOffset, DateTimeOffset? Watermark,
    long Events, long Late, long Rejected, long Filtered, DateTimeOffset UpdatedAt)
{
    /// <summary>Records not read yet; null when the partition's end is not known.</summary>
    public long? Lag => EndOffset is { } end ? Math.Max(0, end - NextOffset) : null;

    /// <summary>Records read since the generation began.</summary>
    public long Read => Events + Late + Rejected + Filtered;
}

/// <summary>One building of a pipeline's results.</summary>
/// <param name="Number">1 is the first.</param>
/// <param name="State"><c>building</c>, <c>active</c> or <c>retired</c>.</param>
/// <param name="Definition">As the Aggregator describes it, JSON.</param>
/// <param name="CoversFrom">Windows that start earlier are taken from the former generation; null: none are.</param>
/// <param name="WasShown">Whether it is or was the active one.</param>
public sealed record PipelineGenerationInfo(int Number, string State, string Definition, DateTimeOffset? CoversFrom, bool WasShown);

/// <summary>A stretch of window starts that is shown from one generation.</summary>
/// <param name="Generation">Which.</param>
/// <param name="FromMs">First start, milliseconds since the Unix epoch.</param>
/// <param name="UntilMs">First start that is another generation's.</param>
public readonly record struct Coverage(int Generation, long FromMs, long UntilMs)
{
    /// <summary>Whether windows with this start are shown from this generation.</summary>
    public bool Has(long startMs) => startMs >= FromMs && startMs < UntilMs;
}

/// <summary>What the tables say of a pipeline, but for its windows.</summary>
/// <param name="Name">Its stable name.</param>
/// <param name="Generation">The generation that is shown.</param>
/// <param name="IsPaused">Whether an administrator has stopped it.</param>
/// <param name="Generations">Oldest first.</param>
/// <param name="Partitions">Of all generations that are not deleted.</param>
public sealed record PipelineInfo(
    string Name, int Generation, bool IsPaused, ImmutableArray<PipelineGenerationInfo> Generations, ImmutableArray<PipelinePartition> Partitions)
{
    /// <summary>The definition of the generation that is shown; null when there is none or this version cannot read it.</summary>
    public PipelineDescription? Description { get; } =
        Generations.FirstOrDefault(g => g.Number == Generation) is { } active ? PipelineDescription.TryParse(active.Definition) is { } d && d.Windows.All(w => w?.Problem() is null) && d.Windows.Count > 0 ? d : null : null;

    /// <summary>The newest checkpoints of the generation that is shown, of the topics that are alive.</summary>
    public ImmutableArray<PipelinePartition> Shown { get; } = Alive(Partitions, Generation);

    /// <summary>The generation that catches up beside the one that is shown.</summary>
    public PipelineGenerationInfo? Building { get; } = Generations.LastOrDefault(g => g.State == "building" && g.Number > Generation);

    /// <summary>What a generation measures: its own definition's plan, the same object as the active one's where they are equal.</summary>
    public MeasurePlan PlanOf(int generation, MeasurePlan active) =>
        generation != Generation && Generations.FirstOrDefault(g => g.Number == generation) is { } former
        && PipelineDescription.TryParse(former.Definition)?.Measures is { } plan && !plan.Equals(active) ? plan : active;

    /// <summary>For people.</summary>
    public string Title => Description?.Title is { Length: > 0 } title ? title : Name;

    /// <summary>
    /// Which generation's windows are shown, by their start: the active one's from its <c>covers_from</c> on, the former one's before, and so on back.
    /// </summary>
    public ImmutableArray<Coverage> Covers()
    {
        var covers = ImmutableArray.CreateBuilder<Coverage>();
        var until = long.MaxValue;
        foreach (var generation in Generations.Where(g => g.Number <= Generation && (g.WasShown || g.Number == Generation)).OrderByDescending(g => g.Number))
        {
            var from = generation.CoversFrom?.ToUnixTimeMilliseconds() ?? long.MinValue;
            if (from < until)
            {
                covers.Add(new Coverage(generation.Number, from, until));
                until = from;
            }

            if (from == long.MinValue)
            {
                break;
            }
        }

        return covers.ToImmutable();
    }

    /// <summary>
    /// The smallest watermark over all partitions of a generation's live topics; null while one of them has none. A merged window is final when it has
    /// passed the window's end and grace.
    /// </summary>
    public DateTimeOffset? SmallestWatermark(int generation)
    {
        var alive = Alive(Partitions, generation);
        return alive.IsEmpty || alive.Any(p => p.Watermark is null) ? null : alive.Min(p => p.Watermark);
    }

    /// <summary>Of a topic that exists under several ids only the one that moved last is alive.</summary>
    internal static ImmutableArray<PipelinePartition> Alive(IEnumerable<PipelinePartition> partitions, int generation) => [.. partitions
        .Where(p => p.Source.Generation == generation)
        .GroupBy(p => p.Topic)
        .SelectMany(topic => topic.GroupBy(p => p.Source.TopicId).MaxBy(id => id.Max(p => p.UpdatedAt))!)
        .OrderBy(p => p.Topic, StringComparer.Ordinal).ThenBy(p => p.Source.Partition)];
}
