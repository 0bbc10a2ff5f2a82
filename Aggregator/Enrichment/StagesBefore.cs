using System.Collections.Concurrent;

namespace Streaming.Aggregator.Enrichment;

/// <summary>What is known of the stages that publish a topic.</summary>
/// <param name="Until">Everything that had come into their sources by then is in the topic; the end of time where no stage publishes it.</param>
/// <param name="Slowest">The pipeline whose stage is furthest behind; null where there is none.</param>
internal readonly record struct PublishedUntil(DateTimeOffset Until, string? Slowest)
{
    public static readonly PublishedUntil None = new(DateTimeOffset.MaxValue, null);
}

/// <summary>Tells readers of a topic how far the stages are that publish it.</summary>
internal interface IStagesBefore
{
    /// <summary>How far the stages before a topic are; those before their sources count, too. Null while it is not known of one of them: ask again.</summary>
    /// <exception cref="Confluent.Kafka.KafkaException">It cannot be known now.</exception>
    Task<PublishedUntil?> FindAsync(string topic, CancellationToken cancellationToken);
}

/// <summary>Follows topics back to the stages that publish them, by the definitions of this application.</summary>
/// <param name="stages">All stages that there are.</param>
/// <param name="runHere">The names of the pipelines whose stages this process runs.</param>
/// <param name="reachOf">Makes what follows a stage, once for each.</param>
internal sealed class StagesBefore(IReadOnlyCollection<EnrichmentDefinition> stages, IReadOnlySet<string> runHere, Func<EnrichmentDefinition, bool, StageReach> reachOf) : IStagesBefore
{
    private readonly ConcurrentDictionary<string, StageReach> _reaches = new(StringComparer.Ordinal);
    private readonly ILookup<string, EnrichmentDefinition> _byTopic = stages.ToLookup(stage => stage.Through.Name, StringComparer.Ordinal);

    /// <summary>The consumer group of a pipeline's stage.</summary>
    public static string GroupOf(AggregatorOptions options, string pipeline) => $"{options.GroupPrefix}{pipeline}.enrich";

    public Task<PublishedUntil?> FindAsync(string topic, CancellationToken cancellationToken) => FindAsync(topic, [topic], cancellationToken);

    /// <param name="topic">The topic.</param>
    /// <param name="path">The topics on the way to it: stages in a circle would have no first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    private async Task<PublishedUntil?> FindAsync(string topic, HashSet<string> path, CancellationToken cancellationToken)
    {
        var slowest = PublishedUntil.None;
        foreach (var stage in _byTopic[topic].Where(stage => !path.Contains(stage.Source.Name)))
        {
            // First how far the source itself is: what this stage is asked for next can only be more.
            if (await FindAsync(stage.Source.Name, [.. path, stage.Source.Name], cancellationToken) is not { } source)
            {
                return null;
            }

            var reach = _reaches.GetOrAdd(stage.Pipeline, _ => reachOf(stage, runHere.Contains(stage.Pipeline)));
            if (await reach.UntilAsync(source.Until, cancellationToken) is not { } until)
            {
                return null;
            }

            if (until < slowest.Until)
            {
                slowest = new PublishedUntil(until, source.Until < until ? source.Slowest : stage.Pipeline);
            }
        }

        return slowest;
    }
}
