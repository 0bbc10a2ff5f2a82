using Streaming.Aggregator.Alerts;
using Streaming.Aggregator.Enrichment;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Pipelines;

namespace Streaming.Aggregator.Pipelines;

/// <summary>One windowed pipeline, checked: where its events come from, how they are read and grouped, and where its outputs go.</summary>
/// <param name="Name">Its name: the consumer group, and the key of its rows.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Source">The topic that it reads.</param>
/// <param name="CreateReader">Makes a reader of records, for one thread.</param>
/// <param name="Key">What it groups by, for people.</param>
/// <param name="IsKeyedByRecord">Whether it groups by the topic's own key, so that a window of a key is whole in one partition.</param>
/// <param name="Windows">Its windows, and how long it waits for events.</param>
/// <param name="Measures">What is measured in each.</param>
/// <param name="Outputs">Where its results go.</param>
/// <param name="Steps">Its topology, for people.</param>
/// <param name="Fingerprint">Everything that decides results, as one line of text. A change of it needs a new generation.</param>
public sealed record PipelineDefinition(
    string Name,
    string Title,
    SourceTopic Source,
    Func<EventReader> CreateReader,
    string Key,
    bool IsKeyedByRecord,
    WindowPlan Windows,
    MeasurePlan Measures,
    PipelineOutputs Outputs,
    IReadOnlyList<PipelineStep> Steps,
    string Fingerprint)
{
    /// <summary>The reference topic whose keys describe this pipeline's; events of other keys are counted and named in the log. Null: any key will do.</summary>
    public TopicDeclaration? KnownBy { get; init; }

    /// <summary>What is watched of its closed windows.</summary>
    public AlertRuleSet Alerts { get; init; } = AlertRuleSet.None;

    /// <summary>How long final windows are kept, by the name of their kind; kinds that are not named for <see cref="AggregatorOptions.ResultRetention"/>.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Kept { get; init; } = System.Collections.Immutable.ImmutableDictionary<string, TimeSpan>.Empty;

    /// <summary>The stage before the windows that publishes a topic of its own, perhaps joined with a reference topic; null where there is none.</summary>
    public EnrichmentDefinition? Enrichment { get; init; }

    /// <summary>How long events are kept in PostgreSQL beside their windows, by event time; null: they are not.</summary>
    public TimeSpan? KeptEvents { get; init; }

    /// <summary>Every topic of this application that the pipeline needs.</summary>
    public IEnumerable<TopicDeclaration> OwnTopics =>
        new[] { Source.Declaration, KnownBy }.OfType<TopicDeclaration>().Concat(Enrichment?.OwnTopics ?? []).Concat(Outputs.Topics).DistinctBy(topic => topic.Name);

    /// <summary>Every topic that this pipeline alone writes; the topic of alerts is everybody's.</summary>
    public IEnumerable<TopicDeclaration> WrittenTopics =>
        Outputs.Topics.Where(topic => topic != Outputs.Alerts).Concat(new[] { Enrichment?.Through }.OfType<TopicDeclaration>());

    /// <summary>What readers need to know.</summary>
    public PipelineDescription Describe() =>
        new(Name, Title, Source.Name, Key, IsKeyedByRecord, Windows.Windows, Windows.OutOfOrderness, Windows.Grace, Measures, Steps) { Kept = Kept.Count > 0 ? Kept : null, KeptEvents = KeptEvents };
}

/// <summary>A topic that a pipeline reads.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Declaration">How to create it, when it is this application's; null for somebody else's, which is waited for and never created.</param>
/// <param name="IsTransactional">Whether it is written in transactions, whose markers leave holes in the log.</param>
public sealed record SourceTopic(string Name, TopicDeclaration? Declaration, bool IsTransactional = false);

/// <summary>Where a pipeline's outputs go.</summary>
/// <param name="Results">Takes each closed window once; null: results stay in PostgreSQL.</param>
/// <param name="Encode">A closed window and the generation as the value of a record; its key is the group key.</param>
/// <param name="Late">Takes events that came after their windows had closed.</param>
/// <param name="DeadLetter">Takes records that are no acceptable event.</param>
public sealed record PipelineOutputs(TopicDeclaration? Results, Func<WindowRow, int, byte[]> Encode, TopicDeclaration Late, TopicDeclaration DeadLetter)
{
    /// <summary>Takes transitions of alerts; null where there is no rule.</summary>
    public TopicDeclaration? Alerts { get; init; }

    /// <summary>Every topic that the pipeline writes.</summary>
    public IEnumerable<TopicDeclaration> Topics => new[] { Results, Late, DeadLetter, Alerts }.OfType<TopicDeclaration>();
}
