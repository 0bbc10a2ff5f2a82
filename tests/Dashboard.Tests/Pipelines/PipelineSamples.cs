using Streaming.Contracts.Measures;
using Streaming.Contracts.Pipelines;
using Streaming.Contracts.Windows;
using Streaming.Dashboard.Pipelines;
using static Streaming.Dashboard.Tests.Samples;

namespace Streaming.Dashboard.Tests.Pipelines;

/// <summary>Small pieces of a pipeline's data. Minute 0 is noon; amounts are in cents.</summary>
internal static class PipelineSamples
{
    public static readonly MeasurePlan Plan = new(
        [new FieldSpec("amount", FieldKind.Number, 2, "CHF"), new FieldSpec("shop", FieldKind.Identity, 0, null)],
        [
            new MeasureSpec("count", MeasureKind.Count, -1), new MeasureSpec("amount_sum", MeasureKind.Sum, 0), new MeasureSpec("amount_mean", MeasureKind.Mean, 0),
            new MeasureSpec("amount_p50", MeasureKind.Quantile, 0, 0.5), new MeasureSpec("shop_distinct", MeasureKind.Distinct, 1),
        ]);

    public static readonly TumblingWindows Minutes = WindowSpecs.Tumbling(TimeSpan.FromMinutes(1));
    public static readonly HoppingWindows Hopping = WindowSpecs.Hopping(TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(1));

    public static PipelineDescription Description(bool byRecord = false, params WindowSpec[] windows) => new(
        "by-country", "By country", "sales", "country", byRecord, windows.Length == 0 ? [Minutes, Hopping] : windows, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), Plan,
        [new PipelineStep("source", "sales"), new PipelineStep("key", "sale => sale.<Country>")]);

    public static Contracts.Windows.Window Interval(int minute, int minutes = 1) => Contracts.Windows.Window.Between(Minute(minute), Minute(minute + minutes));

    /// <summary>A row over these amounts, each from a shop of its own.</summary>
    public static StoredRow Row(int minute, string key, long[] amounts, int partition = 0, bool final = false, int minutes = 1, bool pane = false, long version = 1, int generation = 1, long late = 0, Guid? topic = null)
    {
        var state = new MeasureState(Plan);
        var basic = default(BasicMeasures);
        foreach (var amount in amounts)
        {
            basic = basic.With(amount);
            state.Add(new EventValues([amount, amount + (1000 * partition)], 0, minute, amount));
        }

        return new StoredRow(new RowId(new RowSource(generation, topic ?? Topic, partition), pane, key), Interval(minute, minutes), basic, late, final, version, state.Encode());
    }

    public static PipelinePartition Partition(int partition, DateTimeOffset? watermark, int generation = 1, long version = 1, Guid? topic = null, DateTimeOffset? updated = null, long? end = 100, long events = 40) => new(
        new RowSource(generation, topic ?? Topic, partition), "sales", version, 90, end, watermark, events, 1, 2, 3, updated ?? Noon);

    public static PipelineInfo Info(PipelineDescription? description, params PipelinePartition[] partitions) => new(
        "by-country", 1, false, [new PipelineGenerationInfo(1, "active", description?.ToJson() ?? "{}", null, true)], [.. partitions]);

    public static PipelineChanges Changes(PipelineInfo? info, IReadOnlyList<StoredRow> rows, bool reload = true, IReadOnlyList<RemovedRow>? removed = null, bool cut = false) =>
        new(Noon, info, "e", reload, rows, cut, removed ?? [], PipelineAlerts.None);

    public static PipelineSnapshot Snapshot(PipelineInfo info, string? window, params StoredRow[] rows) =>
        new PipelineFeedState(window, 10_000, 10_000_000).Apply(Changes(info, rows), Noon);

    public static PipelinePeriod Period(PipelineInfo info, string? window, params StoredRow[] rows) => Snapshot(info, window, rows).Live(60)!;

    public static string[] Texts(MeasuredWindow window) => [.. window.Values.Select(v => v.ToString())];
}
