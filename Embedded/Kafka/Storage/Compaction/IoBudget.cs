namespace Streaming.Embedded.Kafka.Storage.Compaction;

/// <summary>Slows the cleaner down to a number of bytes read and written per second, so that producers and consumers keep the disk.</summary>
internal sealed class IoBudget(long bytesPerSecond, TimeProvider time)
{
    private static readonly TimeSpan SmallestPause = TimeSpan.FromMilliseconds(10);
    private readonly long _begun = time.GetTimestamp();
    private long _spent;

    /// <summary>Notes <paramref name="bytes"/> and waits until they are within the rate.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void Spend(long bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _spent += bytes;
        var ahead = TimeSpan.FromSeconds(_spent / (double)bytesPerSecond) - time.GetElapsedTime(_begun);
        if (ahead > SmallestPause && cancellationToken.WaitHandle.WaitOne(ahead))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
