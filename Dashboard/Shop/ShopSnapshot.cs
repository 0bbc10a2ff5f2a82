using System.Collections.Concurrent;
using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Pipelines;

namespace Streaming.Dashboard.Shop;

/// <summary>Everything that the live page of the shop shows, at one moment; immutable, shared by all browsers.</summary>
public sealed record ShopSnapshot
{
    private readonly ConcurrentDictionary<int, Lazy<ShopModel?>> _models = new();

    public ShopSnapshot()
    {
    }

    // A copy is another moment: nothing built out of this one holds there.
    private ShopSnapshot(ShopSnapshot other) =>
        (_models, Minutes, Hopping, Categories, Ticker, TickerHealth, Labels) = (new(), other.Minutes, other.Hopping, other.Categories, other.Ticker, other.TickerHealth, other.Labels);

    /// <summary>Before the first answer.</summary>
    public static ShopSnapshot Empty { get; } = new();

    /// <summary>Minutes per product; also says how the pipeline is.</summary>
    public PipelineSnapshot Minutes { get; init; } = PipelineSnapshot.Empty;

    /// <summary>Quarters of an hour per product, one beginning every minute.</summary>
    public PipelineSnapshot Hopping { get; init; } = PipelineSnapshot.Empty;

    /// <summary>Minutes per category.</summary>
    public PipelineSnapshot Categories { get; init; } = PipelineSnapshot.Empty;

    /// <summary>The newest changes.</summary>
    public Ticker Ticker { get; init; } = Ticker.Empty;

    /// <summary>Whether the changes themselves can be read.</summary>
    public FeedHealth TickerHealth { get; init; } = new(FeedCondition.Starting, DateTimeOffset.UnixEpoch);

    public ProductLabels Labels { get; init; } = ProductLabels.Empty;

    /// <summary>Whether there is something to say: all parts have been asked once.</summary>
    public bool IsAnswer => Minutes.Health.Condition != FeedCondition.Starting && Hopping.Health.Condition != FeedCondition.Starting
        && Categories.Health.Condition != FeedCondition.Starting && TickerHealth.Condition != FeedCondition.Starting;

    /// <summary>The newest minutes, built once per snapshot and not once per browser; null while there is none.</summary>
    public ShopModel? Live(TimeSpan length)
    {
        var shown = Math.Clamp((int)length.TotalMinutes, 1, WindowKinds.MostLive);
        return _models.GetOrAdd(shown, count => new Lazy<ShopModel?>(() => Build(count))).Value;
    }

    public bool Equals(ShopSnapshot? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    private ShopModel? Build(int shown) => Minutes.Live(Math.Min(WindowKinds.MostLive, shown * 2)) is { HasData: true } minutes
        ? ShopModel.Live(minutes, shown, Hopping.Live(1), Categories.Live(shown), Ticker.Ticks, Labels)
        : null;
}
