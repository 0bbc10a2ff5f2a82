using System.Collections.Immutable;

namespace Streaming.Dashboard.Shop;

/// <summary>
/// The newest price changes, newest first: those of a later read before those of an earlier one. Within a read, the changes of one partition stand in the order
/// of the log; partitions are merged by event time where that allows it. Immutable and bounded.
/// </summary>
public sealed class Ticker
{
    /// <summary>How many changes are held; the oldest go first.</summary>
    public const int Capacity = 100;

    private Ticker(ImmutableArray<PriceTick> ticks, ImmutableDictionary<(Guid TopicId, int Partition), long> offsets) => (Ticks, Offsets) = (ticks, offsets);

    public static Ticker Empty { get; } = new([], ImmutableDictionary<(Guid, int), long>.Empty);

    /// <summary>Newest first.</summary>
    public ImmutableArray<PriceTick> Ticks { get; }

    /// <summary>The last offset that was taken in from each partition.</summary>
    public ImmutableDictionary<(Guid TopicId, int Partition), long> Offsets { get; }

    /// <summary>The ticker after another read. What was taken in before is passed over.</summary>
    public Ticker With(IEnumerable<PriceTick> read)
    {
        var fresh = read.Where(tick => tick.Place.Offset > Offsets.GetValueOrDefault((tick.Place.TopicId, tick.Place.Partition), -1)).DistinctBy(tick => tick.Place).ToList();
        if (fresh.Count == 0)
        {
            return this;
        }

        var offsets = Offsets.SetItems(fresh.GroupBy(tick => (tick.Place.TopicId, tick.Place.Partition))
            .Select(partition => KeyValuePair.Create(partition.Key, partition.Max(tick => tick.Place.Offset))));
        return new Ticker([.. Merged(fresh).Reverse().Concat(Ticks).Take(Capacity)], offsets);
    }

    /// <summary>
    /// In order of coming, as well as it can be told: each change at the largest event time that its partition had reached by then, so that one that came late or
    /// out of order stays behind what came before it.
    /// </summary>
    private static IEnumerable<PriceTick> Merged(IEnumerable<PriceTick> ticks) => ticks
        .GroupBy(tick => (tick.Place.TopicId, tick.Place.Partition))
        .SelectMany(partition =>
        {
            var reached = DateTimeOffset.MinValue;
            return partition.OrderBy(tick => tick.Place.Offset).Select(tick => (Reached: reached = tick.At > reached ? tick.At : reached, Tick: tick)).ToList();
        })
        .OrderBy(tick => tick.Reached).ThenBy(tick => tick.Tick.Place.TopicId).ThenBy(tick => tick.Tick.Place.Partition).ThenBy(tick => tick.Tick.Place.Offset)
        .Select(tick => tick.Tick);
}
