using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Tells that one of several logs has grown. Stops listening when disposed.</summary>
internal sealed class ArrivalSignal : IDisposable
{
    private readonly IReadOnlyCollection<PartitionLog> _logs;
    private volatile TaskCompletionSource _next = NewSource();

    public ArrivalSignal(IReadOnlyCollection<PartitionLog> logs)
    {
        _logs = logs;
        foreach (var log in logs)
        {
            log.Advanced += OnAdvanced;
        }
    }

    /// <summary>Done when a log grows after this call.</summary>
    public Task Next() => (_next = NewSource()).Task;

    public void Dispose()
    {
        foreach (var log in _logs)
        {
            log.Advanced -= OnAdvanced;
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void OnAdvanced() => _next.TrySetResult();
}
