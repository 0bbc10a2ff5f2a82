using Confluent.Kafka;

namespace Streaming.Producer.Http;

/// <summary>
/// The intake's Kafka client, and another one after one that has given up for good. Safe for several threads: a record is handed over, and a client replaced, under one
/// lock, so none is used after it was closed, which would end the process. Closing takes seconds and happens outside the lock.
/// </summary>
/// <param name="build">Makes a client, which calls what it is given once it has given up for good.</param>
internal sealed class IntakeClient(Func<Action, IProducer<byte[]?, byte[]>> build) : IDisposable
{
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private Client? _current;
    private Task _closing = Task.CompletedTask;
    private bool _isClosed;

    /// <summary>Hands a record to the client; to a new one after one that has given up.</summary>
    /// <param name="use">Must neither wait nor keep the client.</param>
    /// <exception cref="IntakeRefusal">The Producer is stopping, or clients give up faster than they can be closed (503).</exception>
    public void Use(Action<IProducer<byte[]?, byte[]>> use)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                throw IntakeRefusal.TryLater(StatusCodes.Status503ServiceUnavailable, "The Producer is stopping.");
            }

            use(Current().Producer);
        }
    }

    /// <summary>Refuses everything from now on, closes the client, and waits for the former one's end.</summary>
    public void Dispose()
    {
        Client? last;
        lock (_gate)
        {
            _isClosed = true;
            (last, _current) = (_current, null);
        }

        if (last is not null)
        {
            Close(last.Producer);
        }

        _closing.Wait();
    }

    private Client Current()
    {
        if (_current is { HasGivenUp: true } former)
        {
            // One at a time: clients that give up at once would else fill the memory.
            if (!_closing.IsCompleted)
            {
                throw IntakeRefusal.TryLater(StatusCodes.Status503ServiceUnavailable, "The Kafka client has given up, and the one before it is not closed yet.");
            }

            _current = null;
            _closing = Task.Factory.StartNew(() => Close(former.Producer), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        return _current ??= new Client(build);
    }

    /// <summary>What the client still holds after the limit is reported as failed.</summary>
    private static void Close(IProducer<byte[]?, byte[]> producer)
    {
        try
        {
            producer.Flush(FlushLimit);
        }
        finally
        {
            producer.Dispose();
        }
    }

    private sealed class Client
    {
        private volatile bool _hasGivenUp;

        public Client(Func<Action, IProducer<byte[]?, byte[]>> build) => Producer = build(() => _hasGivenUp = true);

        public IProducer<byte[]?, byte[]> Producer { get; }

        public bool HasGivenUp => _hasGivenUp;
    }
}
