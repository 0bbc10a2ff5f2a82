namespace Streaming.Dashboard.Feed;

/// <summary>
/// A feed that is read while somebody looks, once for all who do. It goes on for a while after the last one has left: who turns a page is back at once.
/// </summary>
/// <typeparam name="T">What it brings.</typeparam>
/// <param name="first">Before the first answer.</param>
/// <param name="follow">Reads and hands out until it is cancelled.</param>
/// <param name="linger">How long it goes on without anybody.</param>
/// <param name="stopped">Called when it has stopped for lack of watchers.</param>
public sealed class WatchedFeed<T>(T first, Func<Action<T>, CancellationToken, Task> follow, TimeSpan linger, TimeProvider time, Action? stopped = null) : IAsyncDisposable
    where T : class
{
    private readonly Lock _lock = new();
    private readonly Broadcast<T> _broadcast = new(first);
    private int _watchers;
    private long _visits;
    private Run? _run;

    /// <summary>The newest snapshot; an old one while nobody watches.</summary>
    public T Current => _broadcast.Current;

    /// <summary>Whether it is being read.</summary>
    public bool IsRunning
    {
        get
        {
            lock (_lock)
            {
                return _run is not null;
            }
        }
    }

    /// <summary>Begins to read if nobody has watched so far.</summary>
    public Subscription<T> Subscribe()
    {
        lock (_lock)
        {
            _watchers++;
            _visits++;
            if (_run is null || _run.Reading.IsCompleted)
            {
                _run = Run.Start(follow, _broadcast.Publish);
            }

            return _broadcast.Subscribe(Left);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Run? run;
        lock (_lock)
        {
            (run, _run) = (_run, null);
        }

        if (run is not null)
        {
            await run.StopAsync();
        }
    }

    private void Left()
    {
        lock (_lock)
        {
            if (--_watchers == 0 && _run is { } run)
            {
                run.Ending = EndAsync(run, _visits);
            }
        }
    }

    private async Task EndAsync(Run run, long visit)
    {
        await Task.Delay(linger, time, run.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock)
        {
            if (_watchers > 0 || _visits != visit || _run != run)
            {
                return;
            }

            _run = null;
        }

        stopped?.Invoke();
        await run.StopReadingAsync();
    }

    /// <summary>One stretch of reading.</summary>
    private sealed class Run
    {
        private readonly CancellationTokenSource _stop;

        private Run(CancellationTokenSource stop) => _stop = stop;

        public Task Reading { get; private init; } = Task.CompletedTask;

        public Task Ending { get; set; } = Task.CompletedTask;

        public CancellationToken Stopping => _stop.Token;

        public static Run Start(Func<Action<T>, CancellationToken, Task> follow, Action<T> publish)
        {
            var stop = new CancellationTokenSource();

            // What is read is read for all: it belongs to no request, and to no trace, of whoever happened to look first.
            using var _ = ExecutionContext.SuppressFlow();
            return new Run(stop) { Reading = Task.Run(() => follow(publish, stop.Token)) };
        }

        public async Task StopReadingAsync()
        {
            await _stop.CancelAsync();
            await Reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        public async Task StopAsync()
        {
            await StopReadingAsync();
            await Ending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Dispose();
        }
    }
}
