using System.Collections.Immutable;
using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Tests;

/// <summary>Small pieces of data. Minute 0 is noon.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Noon = new(2025, 11, 21, 12, 0, 0, TimeSpan.Zero);
    public static readonly Guid Topic = new("11111111-1111-1111-1111-111111111111");

    /// <summary>A viewer in UTC for whom it is noon.</summary>
    public static readonly ViewerClock Clock = new(TimeZoneInfo.Utc, new AtNoon());

    public static DateTimeOffset Minute(int minute) => Noon.AddMinutes(minute);

    public static SalesWindow Window(int minute, string store, long count, decimal sum = 0, bool final = true, long version = 1, int partition = 0, long late = 0, Guid? topic = null) =>
        new(new PartitionId(topic ?? Topic, partition), Minute(minute), Minute(minute + 1), store, count, sum, 1, 9, late, final, version);

    public static PartitionProgress Progress(
        int partition = 0, long version = 1, long next = 0, long? end = null, DateTimeOffset? watermark = null, long events = 0, long late = 0, long rejected = 0,
        DateTimeOffset? updated = null, Guid? topic = null) =>
        new(new PartitionId(topic ?? Topic, partition), "sales", version, next, end, watermark, events, late, rejected, updated ?? Noon, null);

    public static FeedChanges Changes(
        IReadOnlyList<SalesWindow> windows, IReadOnlyList<PartitionProgress>? partitions = null, int? generation = 1, DateTimeOffset? at = null, params StoreInfo[] stores) =>
        new(at ?? Noon, generation, partitions ?? [Progress()], windows, stores, DateTimeOffset.UnixEpoch);

    public static FeedSnapshot Snapshot(IReadOnlyList<SalesWindow> windows, IReadOnlyList<PartitionProgress>? partitions = null, params StoreInfo[] stores) =>
        new FeedState(TimeSpan.FromHours(2), 100_000).Apply(Changes(windows, partitions, stores: stores), Noon);

    public static StoreInfo Store(string id, string currency = "CHF", string? name = null) => new(id, name ?? $"Store {id}", "Somewhere", currency);

    public static StoreSlice Slice(string store, long count, decimal sum = 0, bool final = true, long late = 0) => new(store, count, sum, late, final, 1, 0, 1);

    /// <summary>Slots of one minute from noon, each with the slices given for it.</summary>
    public static SalesPeriod Period(params StoreSlice[][] slots) =>
        new(Noon, Minute(slots.Length), TimeSpan.FromMinutes(1), [.. slots.Select((slices, i) => new Slot(Minute(i), Minute(i + 1), [.. slices]))]);

    private sealed class AtNoon : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Noon;
    }
}
