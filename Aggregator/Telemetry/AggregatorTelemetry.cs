using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Streaming.Aggregator.Checkpoints;

namespace Streaming.Aggregator.Telemetry;

/// <summary>The Aggregator's instruments; meter <c>Streaming.Aggregator</c>. Units are UCUM. Its spans are made beside this.</summary>
internal sealed class AggregatorTelemetry : IDisposable
{
    public const string Name = "Streaming.Aggregator";

    private readonly Meter _meter;
    private readonly Counter<long> _events;
    private readonly Counter<long> _late;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _filtered;
    private readonly Counter<long> _unknown;
    private readonly Counter<long> _closed;
    private readonly Counter<long> _recalled;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _refusedEvents;
    private readonly Counter<long> _connectionsLost;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _relayed;
    private readonly Counter<long> _parked;
    private readonly Counter<long> _transitions;
    private readonly Counter<long> _webhookDelivered;
    private readonly Counter<long> _webhookFailed;
    private readonly Counter<long> _webhookGivenUp;
    private readonly Counter<long> _enriched;
    private readonly Counter<long> _enrichedUnknown;
    private readonly Counter<long> _enrichedRejected;
    private readonly Counter<long> _enrichedFiltered;
    private readonly Histogram<double> _duration;
    private readonly Histogram<long> _rows;
    private readonly Histogram<double> _eventToCommit;
    private readonly Histogram<double> _latency;
    private readonly ConcurrentDictionary<(string Pipeline, int Generation), GenerationFigures> _figures = new();
    private readonly TimeProvider _time;

    public AggregatorTelemetry(IMeterFactory meters, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _meter = meters.Create(Name);
        _events = _meter.CreateCounter<long>("streaming.aggregator.events", "{event}", "Events counted in windows, committed.");
        _late = _meter.CreateCounter<long>("streaming.aggregator.events.late", "{event}", "Events that came after their window had closed, committed.");
        _rejected = _meter.CreateCounter<long>("streaming.aggregator.events.rejected", "{event}", "Records that are no acceptable event, committed.");
        _filtered = _meter.CreateCounter<long>("streaming.aggregator.events.filtered", "{event}", "Events that the pipeline's filter passed over, committed.");
        _unknown = _meter.CreateCounter<long>("streaming.aggregator.events.unknown_key", "{event}", "Events whose key the reference topic does not know.");
        _closed = _meter.CreateCounter<long>("streaming.aggregator.windows.closed", "{row}", "Rows of windows that became final.");
        _recalled = _meter.CreateCounter<long>("streaming.aggregator.windows.recalled", "{row}", "Rows that had been evicted from memory and were loaded again.");
        _refused = _meter.CreateCounter<long>("streaming.aggregator.checkpoint.refusals", "{partition}", "Partitions whose guard refused a checkpoint.");
        _refusedEvents = _meter.CreateCounter<long>("streaming.aggregator.events.refused", "{event}", "Events in refused partitions: whoever has claimed those counts them, so they are not counted twice.");
        _connectionsLost = _meter.CreateCounter<long>("streaming.aggregator.connections.lost", "{connection}", "Connections to Kafka that a consumer lost or could not make.");
        _failures = _meter.CreateCounter<long>("streaming.aggregator.checkpoint.failures", "{attempt}", "Checkpoint attempts that failed and are repeated.");
        _relayed = _meter.CreateCounter<long>("streaming.aggregator.outbox.relayed", "{row}", "Outbox rows that are in a committed transaction.");
        _parked = _meter.CreateCounter<long>("streaming.aggregator.outbox.parked", "{row}", "Outbox rows that Kafka will never take.");
        _transitions = _meter.CreateCounter<long>("streaming.aggregator.alerts.transitions", "{transition}", "Alerts that began to fire or were resolved, committed.");
        _webhookDelivered = _meter.CreateCounter<long>("streaming.aggregator.webhook.delivered", "{request}", "Transitions that the webhook took.");
        _webhookFailed = _meter.CreateCounter<long>("streaming.aggregator.webhook.failures", "{request}", "Requests that the webhook did not take.");
        _webhookGivenUp = _meter.CreateCounter<long>("streaming.aggregator.webhook.given_up", "{transition}", "Transitions that the webhook did not take for too long.");
        _enriched = _meter.CreateCounter<long>("streaming.aggregator.enrichment.records", "{record}", "Enriched records published, committed.");
        _enrichedUnknown = _meter.CreateCounter<long>("streaming.aggregator.enrichment.unknown", "{record}", "Records among them whose key the reference topic does not know.");
        _enrichedFiltered = _meter.CreateCounter<long>("streaming.aggregator.enrichment.filtered", "{record}", "Records that a filter before the join has passed over.");
        _enrichedRejected = _meter.CreateCounter<long>("streaming.aggregator.enrichment.rejected", "{record}", "Records that a stage that enriches has sent to a dead-letter topic.");
        _duration = _meter.CreateHistogram<double>("streaming.aggregator.checkpoint.duration", "s", "Time from taking the changes to their commit.", advice: DurationBuckets.Short);
        _rows = _meter.CreateHistogram<long>("streaming.aggregator.checkpoint.rows", "{row}", "Rows written by one checkpoint.");
        _eventToCommit = _meter.CreateHistogram<double>("streaming.aggregator.event_to_commit", "s", "From an event's time to its commit; of a sample of the events.", advice: DurationBuckets.Long);
        _latency = _meter.CreateHistogram<double>("streaming.aggregator.watermark.commit_age", "s", "Age of a partition's watermark when it is committed.", advice: DurationBuckets.Long);
        _meter.CreateObservableGauge("streaming.aggregator.windows.open", () => Each(g => g.OpenWindows), "{window}", "Windows in memory.");
        _meter.CreateObservableGauge("streaming.aggregator.state", () => Each(g => g.StateBytes), "By", "About how much memory the open windows take.");
        _meter.CreateObservableGauge("streaming.aggregator.lag", () => Each(g => g.Lag), "{record}", "Records in the log behind what was read, over the assigned partitions.");
        _meter.CreateObservableGauge("streaming.aggregator.watermark.age", WatermarkAge, "s", "Age of the oldest watermark of the assigned partitions.");
        _meter.CreateObservableGauge("streaming.aggregator.partitions", () => Each(g => g.Partitions), "{partition}", "Partitions that this instance reads.");
        _meter.CreateObservableGauge("streaming.aggregator.partitions.stopped", () => Each(g => g.StoppedPartitions), "{partition}", "Partitions that stopped at a gap.");
        _meter.CreateObservableGauge("streaming.aggregator.paused", () => Each(g => g.IsPaused ? 1 : 0), "1", "1 while reading pauses.");
    }

    /// <summary>What the gauges show; set by the consumer's thread.</summary>
    /// <param name="OpenWindows">Windows in memory.</param>
    /// <param name="StateBytes">About how much memory they take.</param>
    /// <param name="Lag">Records behind.</param>
    /// <param name="OldestWatermarkMs">The smallest watermark, milliseconds since the Unix epoch; null when there is none.</param>
    /// <param name="Partitions">Partitions that are read.</param>
    /// <param name="StoppedPartitions">Partitions that stopped at a gap.</param>
    /// <param name="IsPaused">Whether reading pauses.</param>
    public sealed record Gauges(int OpenWindows, long StateBytes, long Lag, long? OldestWatermarkMs, int Partitions, int StoppedPartitions, bool IsPaused);

    public void Show(string pipeline, int generation, Gauges gauges) => Of(pipeline, generation).Gauges = gauges;

    /// <summary>It no longer runs here.</summary>
    public void Hide(string pipeline, int generation) => _figures.TryRemove((pipeline, generation), out _);

    /// <summary>The figures of what runs here, by pipeline and generation.</summary>
    public IEnumerable<KeyValuePair<(string Pipeline, int Generation), GenerationFigures>> Figures => _figures;

    /// <summary>Counts what has been committed, of one generation.</summary>
    public void CheckpointDone(TimeSpan duration, IReadOnlyList<PartitionChange> written)
    {
        if (written.Count == 0)
        {
            return;
        }

        var tags = TagsOf(written[0].Partition);
        var figures = Of(written[0].Partition);
        var counts = CommittedCounts.Of(written);
        figures.Add(counts);
        figures.Checkpoint(duration);
        _duration.Record(duration.TotalSeconds, tags);
        _rows.Record(written.Sum(change => change.Rows + (change.Closing?.Rows ?? 0)), tags);
        _events.Add(counts.Events, tags);
        _late.Add(counts.Late, tags);
        _rejected.Add(counts.Rejected, tags);
        _filtered.Add(counts.Filtered, tags);
        _transitions.Add(counts.Transitions, tags);
        _unknown.Add(written.Sum(change => change.UnknownKeys), tags);
        _closed.Add(counts.Closed, tags);
        RecordAges(written, figures, tags);
    }

    private void RecordAges(IReadOnlyList<PartitionChange> written, GenerationFigures figures, in TagList tags)
    {
        var nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var change in written)
        {
            if (change.Changes.WatermarkMs is { } watermark)
            {
                _latency.Record((nowMs - watermark) / 1000.0, tags);
            }

            foreach (var eventMs in change.EventTimes.Ms)
            {
                // An event may be ahead of the clock, within the future bound.
                var ageMs = Math.Max(0, nowMs - eventMs);
                _eventToCommit.Record(ageMs / 1000.0, tags);
                figures.Committed(TimeSpan.FromMilliseconds(ageMs), change.EventTimes.Each);
            }
        }
    }

    public void WebhookDelivered() => _webhookDelivered.Add(1);

    public void WebhookFailed() => _webhookFailed.Add(1);

    public void WebhookGivenUp() => _webhookGivenUp.Add(1);

    /// <summary>Counts what a transaction has made visible.</summary>
    public void Enriched(string pipeline, long records, long unknown, long rejected, long filtered)
    {
        var tag = new KeyValuePair<string, object?>("streaming.pipeline", pipeline);
        _enriched.Add(records, tag);
        _enrichedUnknown.Add(unknown, tag);
        _enrichedRejected.Add(rejected, tag);
        _enrichedFiltered.Add(filtered, tag);
    }

    public void Recalled(int rows) => _recalled.Add(rows);

    /// <summary>An attempt to write a checkpoint of this partition, and perhaps of others, failed.</summary>
    public void CheckpointFailed(InputPartition partition)
    {
        _failures.Add(1, TagsOf(partition));
        Of(partition).Add(new CommittedCounts { CheckpointFailures = 1 });
    }

    /// <summary>The guard has refused these changes: somebody else has claimed their partitions.</summary>
    public void GuardRefused(IReadOnlyList<PartitionChange> refused)
    {
        if (refused.Count == 0)
        {
            return;
        }

        var events = refused.Sum(change => change.Changes.Counts.Accepted);
        _refused.Add(refused.Count, TagsOf(refused[0].Partition));
        _refusedEvents.Add(events, TagsOf(refused[0].Partition));
        Of(refused[0].Partition).Add(new CommittedCounts { RefusedPartitions = refused.Count, RefusedEvents = events });
    }

    /// <summary>A consumer's client says that a connection is gone, or cannot be made.</summary>
    public void ConnectionLost(string pipeline, int generation)
    {
        _connectionsLost.Add(1, new TagList(Tags((pipeline, generation))));
        Of(pipeline, generation).Add(new CommittedCounts { ConnectionsLost = 1 });
    }

    public void Relayed(int rows) => _relayed.Add(rows);

    public void Parked() => _parked.Add(1);

    public void Dispose()
    {
        _meter.Dispose();
    }

    private IEnumerable<Measurement<double>> WatermarkAge() =>
        from pipeline in _figures
        where pipeline.Value.Gauges?.OldestWatermarkMs is not null
        select new Measurement<double>(AgeSeconds(pipeline.Value.Gauges!.OldestWatermarkMs!.Value), Tags(pipeline.Key));

    private IEnumerable<Measurement<long>> Each(Func<Gauges, long> value) =>
        from pipeline in _figures
        where pipeline.Value.Gauges is not null
        select new Measurement<long>(value(pipeline.Value.Gauges!), Tags(pipeline.Key));

    private GenerationFigures Of(InputPartition partition) => Of(partition.Pipeline, partition.Generation);

    private GenerationFigures Of(string pipeline, int generation) => _figures.GetOrAdd((pipeline, generation), _ => new GenerationFigures(_time));

    private static TagList TagsOf(InputPartition partition) => new(Tags((partition.Pipeline, partition.Generation)));

    private static KeyValuePair<string, object?>[] Tags((string Pipeline, int Generation) key) =>
        [new("streaming.pipeline", key.Pipeline), new("streaming.generation", key.Generation)];

    private double AgeSeconds(long watermarkMs) => (_time.GetUtcNow().ToUnixTimeMilliseconds() - watermarkMs) / 1000.0;
}
