using System.Collections.Concurrent;
using Confluent.Kafka;

namespace Streaming.Aggregator.Outbox;

/// <summary>Collects the client's answers to a number of records, and keeps the errors, in the order in which they came.</summary>
internal sealed class Answers<T>
{
    private readonly ConcurrentQueue<(T Item, Error Error)> _failures = new();
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _outstanding;

    public Answers(int expected)
    {
        _outstanding = expected;
        if (expected == 0)
        {
            _all.SetResult();
        }
    }

    /// <summary>The answer to one record.</summary>
    public void Take(T item, Error error)
    {
        if (error.IsError)
        {
            _failures.Enqueue((item, error));
        }

        if (Interlocked.Decrement(ref _outstanding) == 0)
        {
            _all.SetResult();
        }
    }

    /// <summary>The failures, once every answer is there. The client gives each record one, at the latest after its timeout.</summary>
    public async Task<IReadOnlyList<(T Item, Error Error)>> AllAsync(CancellationToken cancellationToken)
    {
        await _all.Task.WaitAsync(cancellationToken);
        return [.. _failures];
    }
}
