using Streaming.Aggregator.Alerts;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Outbox;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Measures;

namespace Streaming.Aggregator.Consuming;

/// <summary>
/// What leaves with the windows of one partition that close: results, and what the alert rules make of them. The rules' memory is used by one at a time: the
/// consumer's thread when a change is taken, or the checkpoint that writes this change.
/// </summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="claim">What was claimed.</param>
/// <param name="coversFrom">Windows that start before it are not whole in this generation: nothing is sent of them, and no rule judges them; null: all are whole.</param>
internal sealed class PartitionOutputs(PipelineDefinition pipeline, Claim claim, DateTimeOffset? coversFrom)
{
    private AlertEvaluator _alerts = new(pipeline.Alerts, claim.AlertStates);

    /// <summary>About how much memory the alert rules' states take: their number at some moment of a checkpoint that is being written.</summary>
    public long AlertBytes => _alerts.ApproximateBytes;

    /// <summary>What leaves with these rows, after which every window up to the watermark has closed.</summary>
    public ClosedPage Close(IReadOnlyList<WindowRow> rows, long? watermarkMs)
    {
        IReadOnlyList<WindowRow> whole = coversFrom is { } from ? [.. rows.Where(row => row.Window.Start >= from)] : rows;
        var outgoing = new List<OutboxMessage>();
        if (pipeline.Outputs.Results is { } results)
        {
            outgoing.AddRange(whole.Select(row =>
                new OutboxMessage(results.Name, row.Key.Utf8.ToArray(), pipeline.Outputs.Encode(row, claim.Partition.Generation), Headers: null)));
        }

        var alerts = _alerts.Evaluate(whole, watermarkMs);
        var events = alerts.Transitions.Select(transition => AlertEvents.Of(claim.Partition, transition)).ToList();
        outgoing.AddRange(events.Select(AlertEvents.Message));
        return new ClosedPage(outgoing, new PartitionAlerts(alerts.States, events));
    }

    /// <summary>The same for rows that only the checkpoint sees.</summary>
    public IStoredClosing CloseWhileWriting(long? watermarkMs) => new Closing(this, pipeline, watermarkMs);

    private sealed class Closing(PartitionOutputs outputs, PipelineDefinition pipeline, long? watermarkMs) : IStoredClosing
    {
        private bool _isBegun;

        public WindowPlan Windows => pipeline.Windows;

        public MeasurePlan Measures => pipeline.Measures;

        public bool IsWatched => pipeline.Alerts.Rules.Count > 0;

        public long Rows { get; private set; }

        public long Transitions { get; private set; }

        public async Task BeginAsync(Func<Task<IReadOnlyList<StoredAlertState>>> states)
        {
            if (_isBegun)
            {
                // What the failed try made the rules remember was rolled back with it.
                outputs._alerts = new AlertEvaluator(pipeline.Alerts, await states());
            }

            (_isBegun, Rows, Transitions) = (true, 0, 0);
        }

        // A page may end amid the windows of one end, so no window without a row is known to be over before the last.
        public ClosedPage Close(IReadOnlyList<WindowRow> rows, bool isLast)
        {
            var page = outputs.Close(rows, isLast ? watermarkMs : null);
            (Rows, Transitions) = (Rows + rows.Count, Transitions + page.Alerts.Events.Count);
            return page;
        }
    }
}
