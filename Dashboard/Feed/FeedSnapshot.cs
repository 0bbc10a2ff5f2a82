using System.Collections.Immutable;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Feed;

/// <summary>Identifies a window among those of one start time.</summary>
public readonly record struct WindowKey(PartitionId Source, string StoreId, DateTimeOffset End);

/// <summary>Everything that a live page shows, at one moment; immutable, shared by all browsers.</summary>
public sealed class FeedSnapshot
{
    private readonly Lazy<SalesPeriods> _periods;

    public FeedSnapshot() => _periods = new Lazy<SalesPeriods>(() => new SalesPeriods(this));

    /// <summary>Before the first answer.</summary>
    public static FeedSnapshot Empty { get; } = new();

    /// <summary>Grows by one with every snapshot.</summary>
    public long Number { get; init; }

    public FeedHealth Health { get; init; } = new(FeedCondition.Starting, DateTimeOffset.UnixEpoch);

    /// <summary>When the newest answer arrived, by this machine's clock.</summary>
    public DateTimeOffset ReadAt { get; init; }

    /// <summary>The database's clock in that answer: ages are told by it, so that a wrong clock here falsifies none.</summary>
    public DateTimeOffset DatabaseTime { get; init; }

    public int? Generation { get; init; }

    /// <summary>The newest checkpoints of the topics that are alive, by topic and partition.</summary>
    public ImmutableArray<PartitionProgress> Partitions { get; init; } = [];

    /// <summary>Windows by start time, oldest first.</summary>
    public ImmutableSortedDictionary<DateTimeOffset, ImmutableDictionary<WindowKey, SalesWindow>> Windows { get; init; } =
        ImmutableSortedDictionary<DateTimeOffset, ImmutableDictionary<WindowKey, SalesWindow>>.Empty;

    public ImmutableDictionary<string, StoreInfo> Stores { get; init; } = ImmutableDictionary<string, StoreInfo>.Empty;

    /// <summary>Events per second over the last ten seconds; null while it cannot be known.</summary>
    public double? EventsPerSecond { get; init; }

    /// <summary>The end of the newest window that counts as "now"; null without data.</summary>
    public DateTimeOffset? LiveEnd { get; init; }

    /// <summary>The trace of its publication; null when that is not traced. Set before it is handed out.</summary>
    internal PushTrace? Push { get; set; }

    /// <summary>The rolled-up live ranges, computed once per snapshot and not once per browser.</summary>
    public SalesPeriods Periods => _periods.Value;

    /// <summary>The same data under another condition.</summary>
    public FeedSnapshot With(FeedHealth health, long number) => new()
    {
        Number = number,
        Health = health,
        ReadAt = ReadAt,
        DatabaseTime = DatabaseTime,
        Generation = Generation,
        Partitions = Partitions,
        Windows = Windows,
        Stores = Stores,
        EventsPerSecond = EventsPerSecond,
        LiveEnd = LiveEnd,
    };

    /// <summary>The description of a store, or one that says that there is none.</summary>
    public StoreInfo Store(string storeId) => Stores.GetValueOrDefault(storeId) ?? StoreInfo.Unknown(storeId);
}
