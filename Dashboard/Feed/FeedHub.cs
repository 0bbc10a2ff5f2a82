using System.Threading.Channels;

namespace Streaming.Dashboard.Feed;

/// <summary>Hands each new snapshot to every browser. A browser that is slow skips to the newest; none holds up another.</summary>
public sealed class FeedHub
{
    private readonly Lock _lock = new();
    private readonly HashSet<FeedSubscription> _subscriptions = [];

    /// <summary>The newest snapshot.</summary>
    public FeedSnapshot Current { get; private set; } = FeedSnapshot.Empty;

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
    public FeedSubscription Subscribe()
    {
        lock (_lock)
        {
            var subscription = new FeedSubscription(this);
            subscription.Offer(Current);
            _subscriptions.Add(subscription);
            return subscription;
        }
    }

    /// <summary>Makes <paramref name="snapshot"/> the newest.</summary>
    public void Publish(FeedSnapshot snapshot)
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

    internal void Remove(FeedSubscription subscription)
    {
        lock (_lock)
        {
            _subscriptions.Remove(subscription);
        }
    }
}

/// <summary>One browser's queue of one snapshot: the newest that it has not taken yet.</summary>
public sealed class FeedSubscription : IDisposable
{
    private readonly FeedHub _hub;
    private readonly Channel<FeedSnapshot> _newest = Channel.CreateBounded<FeedSnapshot>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    internal FeedSubscription(FeedHub hub) => _hub = hub;

    /// <summary>Waits for a snapshot that has not been taken yet.</summary>
    public ValueTask<FeedSnapshot> NextAsync(CancellationToken cancellationToken) => _newest.Reader.ReadAsync(cancellationToken);

    public void Dispose() => _hub.Remove(this);

    internal void Offer(FeedSnapshot snapshot) => _newest.Writer.TryWrite(snapshot);
}
