using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Confluent.Kafka;
using Streaming.Aggregator.Checkpoints;

namespace Streaming.Aggregator.Consuming;

/// <summary>
/// How background work comes back to the consumer's thread, which alone touches readers and assignments. What is posted only changes state; it
/// never calls the Kafka client, so it may run inside a rebalance handler. A failure of the work surfaces on the thread that drains.
/// </summary>
internal sealed class Mailbox
{
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly ConcurrentDictionary<Task, bool> _running = new();

    /// <summary>Runs what has been posted. Consumer's thread.</summary>
    public void Drain()
    {
        while (_posted.TryDequeue(out var action))
        {
            action();
        }
    }

    /// <summary>Starts work in the background; its result comes to <paramref name="done"/> on the consumer's thread. Cancelled work posts nothing.</summary>
    public Task Run<T>(Func<CancellationToken, Task<T>> work, Action<T> done, CancellationToken cancellationToken)
    {
        var task = Task.Run(() => RunAsync(work, done, cancellationToken), CancellationToken.None);
        _running[task] = true;
        _ = task.ContinueWith(
            static (finished, running) => ((ConcurrentDictionary<Task, bool>)running!).TryRemove(finished, out _),
            _running, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return task;
    }

    /// <summary>Waits for everything that was started; to be called after its tokens were cancelled.</summary>
    public void WaitForAll() => Task.WaitAll([.. _running.Keys]);

    private async Task RunAsync<T>(Func<CancellationToken, Task<T>> work, Action<T> done, CancellationToken cancellationToken)
    {
        try
        {
            var result = await work(cancellationToken);
            _posted.Enqueue(() => done(result));
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested && (e is OperationCanceledException or KafkaException || CheckpointErrors.MayPass(e)))
        {
            // Nobody waits for the answer any more; a connection that broke at the same moment changes nothing.
        }
        catch (Exception e)
        {
            var failure = ExceptionDispatchInfo.Capture(e);
            _posted.Enqueue(failure.Throw);
        }
    }
}
