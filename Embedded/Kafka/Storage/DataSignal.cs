namespace Streaming.Embedded.Kafka.Storage;

/// <summary>Wakes everybody who waits for the next event. Costs nothing while nobody waits.</summary>
internal sealed class DataSignal
{
    private TaskCompletionSource? _waiters;

    /// <summary>A task that is done at the next <see cref="Raise"/>.</summary>
    public Task Next
    {
        get
        {
            if (Volatile.Read(ref _waiters) is { } present)
            {
                return present.Task;
            }
            var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return (Interlocked.CompareExchange(ref _waiters, mine, null) ?? mine).Task;
        }
    }

    public void Raise() => Interlocked.Exchange(ref _waiters, null)?.TrySetResult();
}
