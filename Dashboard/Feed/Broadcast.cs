using System.Threading.Channels;

namespace Streaming.Dashboard.Feed;

/// <summary>Hands each new snapshot to every browser. A browser that is slow skips to the newest; none holds up another.</summary>
public class Broadcast<T>(T first)
    where T : class
{
    private readonly Lock _lock = new();
    private readonly HashSet<Subscription<T>> _subscriptions = [];

    /// <summary>The newest snapshot.</summary>
    public T Current { get; private set; } = first;

    /// <summary>How many browsers listen.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _subscriptions.Count;
            }
        }
    }

    /// <summary>A queue of one: it starts with the newest snapshot and then holds whichever came last.</summary>
    public Subscription<T> Subscribe(Action? left = null)
    {
        lock (_lock)
        {
            var subscription = new Subscription<T>(this, left);
            subscription.Offer(Current);
            _subscriptions.Add(subscription);
            return subscription;
        }
    }

    /// <summary>Makes <paramref name="snapshot"/> the newest.</summary>
    public void Publish(T snapshot)
    {
        lock (_lock)
        {
            Current = snapshot;
            foreach (var subscription in _subscriptions)
            {
                subscription.Offer(snapshot);
            }
        }
    }

    internal bool Remove(Subscription<T> subscription)
    {
        lock (_lock)
        {
            return _subscriptions.Remove(subscription);
        }
    }
}

/// <summary>One browser's queue of one snapshot: the newest that it has not taken yet.</summary>
public sealed class Subscription<T> : IDisposable
    where T : class
{
    private readonly Broadcast<T> _broadcast;
    private readonly Action? _left;
    private readonly Channel<T> _newest = Channel.CreateBounded<T>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    internal Subscription(Broadcast<T> broadcast, Action? left) => (_broadcast, _left) = (broadcast, left);

    /// <summary>Waits for a snapshot that has not been taken yet.</summary>
    public ValueTask<T> NextAsync(CancellationToken cancellationToken) => _newest.Reader.ReadAsync(cancellationToken);

    public void Dispose()
    {
        if (_broadcast.Remove(this))
        {
            _left?.Invoke();
        }
    }

    internal void Offer(T snapshot) => _newest.Writer.TryWrite(snapshot);
}
