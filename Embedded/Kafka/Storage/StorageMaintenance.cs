using Streaming.Embedded.Kafka.Storage.Compaction;

namespace Streaming.Embedded.Kafka.Storage;

/// <summary>The store's three clocks: retention, compaction and recovery points.</summary>
internal sealed class StorageMaintenance(TopicStore store, StorageOptions options, LogContext context) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly LogCleaner _cleaner = new(store, options, context);
    private Task _loops = Task.CompletedTask;

    public void Start() => _loops = Task.WhenAll(
        RunAsync(options.RetentionInterval, () => ApplyRetention(context.Time.GetUtcNow())),
        RunAsync(options.CleanerInterval, () => Clean(_stop.Token)),
        RunAsync(options.CheckpointInterval, Checkpoint));

    public void ApplyRetention(DateTimeOffset now) => ForEachPartition("retention", partition => partition.ApplyRetention(now));

    public void Checkpoint() => ForEachPartition("writing a recovery point", partition => partition.Checkpoint(options.ProducerExpiration));

    public void Clean(CancellationToken cancellationToken) => _cleaner.Run(cancellationToken);

    /// <summary>Waits for what is under way; a cleaning is cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loops.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync(TimeSpan interval, Action work)
    {
        using var timer = new PeriodicTimer(interval, context.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                await Task.Run(work).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // the store is being closed
        }
    }

    // One partition's trouble with the disk is not the others'.
    private void ForEachPartition(string what, Action<PartitionLog> work)
    {
        foreach (var topic in store.Topics)
        {
            foreach (var partition in topic.Partitions)
            {
                try
                {
                    work(partition);
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    StorageLog.MaintenanceFailed(context.Logger, exception, $"{topic.Name}-{partition.Index}", what);
                }
            }
        }
    }
}
