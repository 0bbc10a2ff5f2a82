namespace Streaming.Embedded.Kafka.Storage.Compaction;

/// <summary>Cleans the store's compacted logs one after the other, those that are overdue first, then by their share of uncleaned bytes.</summary>
internal sealed class LogCleaner(TopicStore store, StorageOptions options, LogContext context)
{
    private static readonly TimeSpan PauseAfterTrouble = TimeSpan.FromMinutes(1);
    private readonly Lock _running = new();
    private readonly Dictionary<PartitionLog, DateTimeOffset> _troubled = [];

    /// <summary>Cleans each log at most once. A log whose disk refuses, or that is damaged, is left alone for a minute.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; logs are whole.</exception>
    public void Run(CancellationToken cancellationToken)
    {
        lock (_running)
        {
            var left = Compacted();
            foreach (var gone in _troubled.Keys.Except(left).ToList())
            {
                _troubled.Remove(gone);
            }
            left.RemoveAll(log => _troubled.TryGetValue(log, out var until) && context.Time.GetUtcNow() < until);
            left.ForEach(log => Attempt(log, () => log.RollIfOld(context.NowMs)));
            foreach (var next in left.Select(PlanFor).OfType<Candidate>().OrderByDescending(candidate => (candidate.Plan.IsOverdue, candidate.Plan.DirtyRatio)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Attempt(next.Log, () => Clean(next.Log, cancellationToken));
            }
        }
    }

    private List<PartitionLog> Compacted() =>
        [.. store.Topics.Where(topic => topic.Config.CleansByCompaction).SelectMany(topic => topic.Partitions)];

    private Candidate? PlanFor(PartitionLog log) =>
        log.ViewForCleaning() is { } view && CleaningPlan.For(view.Facts, view.Config, context.NowMs) is { } plan ? new Candidate(log, plan) : null;

    private void Clean(PartitionLog log, CancellationToken cancellationToken)
    {
        // Recovery then needs nothing of what is about to go: producers and aborted transactions are written down.
        log.Checkpoint(options.ProducerExpiration);
        if (log.ViewForCleaning() is not { } view || CleaningPlan.For(view.Facts, view.Config, context.NowMs) is not { } plan)
        {
            return;
        }
        var pass = new CleaningPass(log, view, plan, options, context, new IoBudget(options.CleanerBytesPerSecond, context.Time));
        if (pass.Run(cancellationToken) is not { } result)
        {
            return;
        }
        StorageLog.Cleaned(context.Logger, view.Name, result.EndOffset, result.BytesBefore, result.BytesAfter, result.Keys);
        if (result.Unreadable > 0)
        {
            StorageLog.BatchesNotCleaned(context.Logger, view.Name, result.Unreadable);
        }
    }

    private void Attempt(PartitionLog log, Action work)
    {
        try
        {
            work();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or ObjectDisposedException)
        {
            if (log.IsClosed || exception is ObjectDisposedException)
            {
                return; // deleted meanwhile, all of it or a segment
            }
            _troubled[log] = context.Time.GetUtcNow() + PauseAfterTrouble;
            StorageLog.MaintenanceFailed(context.Logger, exception, log.Name, "cleaning");
        }
    }

    private sealed record Candidate(PartitionLog Log, CleaningPlan Plan);
}
