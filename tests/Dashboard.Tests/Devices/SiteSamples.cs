using Streaming.Contracts.Measures;
using Streaming.Contracts.Pipelines;
using Streaming.Contracts.Windows;
using Streaming.Dashboard.Pipelines;

namespace Streaming.Dashboard.Tests.Devices;

/// <summary>Rows of the pipelines <c>sites</c> and <c>devices</c>, as the Aggregator would write them.</summary>
internal static class SiteSamples
{
    public static readonly MeasurePlan SitePlan = new(
        [new FieldSpec("temperature", FieldKind.Number, 2, "°C"), new FieldSpec("device", FieldKind.Identity, 0, null)],
        [
            new MeasureSpec("count", MeasureKind.Count, -1), new MeasureSpec("temperature_min", MeasureKind.Min, 0), new MeasureSpec("temperature_max", MeasureKind.Max, 0),
            new MeasureSpec("temperature_mean", MeasureKind.Mean, 0), new MeasureSpec("temperature_p95", MeasureKind.Quantile, 0, 0.95), new MeasureSpec("device_distinct", MeasureKind.Distinct, 1),
        ]);

    public static readonly MeasurePlan DevicePlan = new(
        [new FieldSpec("temperature", FieldKind.Number, 2, "°C"), new FieldSpec("battery", FieldKind.Number, 1, "%")],
        [new MeasureSpec("count", MeasureKind.Count, -1), new MeasureSpec("temperature_last", MeasureKind.Last, 0), new MeasureSpec("battery_last", MeasureKind.Last, 1)]);

    public static readonly TumblingWindows Minutes = WindowSpecs.Tumbling(TimeSpan.FromMinutes(1)), Hours = WindowSpecs.Tumbling(TimeSpan.FromHours(1)), Days = WindowSpecs.Tumbling(TimeSpan.FromDays(1));

    public static PipelineDescription Sites(TimeSpan? minutesKept = null) => new(
        "sites", "Sites", "device-events", "site", false, [Minutes, Hours, Days], TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), SitePlan, [])
    {
        Kept = new Dictionary<string, TimeSpan> { ["1m"] = minutesKept ?? TimeSpan.FromDays(2), ["1h"] = TimeSpan.FromDays(90), ["1d"] = TimeSpan.FromDays(3660) },
    };

    public static PipelineDescription Fleet() => new(
        "devices", "Devices", "device-events", "device", true, [WindowSpecs.Session(TimeSpan.FromMinutes(1)), WindowSpecs.Tumbling(TimeSpan.FromMinutes(2))],
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), DevicePlan, []);

    /// <summary>A row over these temperatures, in hundredths of a degree, each of a device of its own.</summary>
    public static StoredRow Site(string site, Contracts.Windows.Window window, long[] temperatures, int partition = 0, bool final = true, long version = 1, long late = 0)
    {
        var (basic, state) = (default(BasicMeasures), new MeasureState(SitePlan));
        foreach (var temperature in temperatures)
        {
            basic = basic.With(temperature);
            state.Add(new EventValues([temperature, temperature + (1_000_000 * partition)], 0, window.StartMs, 0));
        }

        return new StoredRow(new RowId(new RowSource(1, Samples.Topic, partition), false, site), window, basic, late, final, version, state.Encode());
    }

    /// <summary>A row of one device whose last heartbeat is at the given time.</summary>
    public static StoredRow Device(string device, DateTimeOffset from, DateTimeOffset to, DateTimeOffset last, long temperature, long battery, bool final = false, long version = 1)
    {
        var state = new MeasureState(DevicePlan);
        state.Add(new EventValues([temperature, battery], 0, last.ToUnixTimeMilliseconds(), 0));
        return new StoredRow(
            new RowId(new RowSource(1, Samples.Topic, 0), false, device), Contracts.Windows.Window.Between(from, to), default(BasicMeasures).With(temperature), 0, final, version, state.Encode());
    }

    public static PipelineInfo Info(PipelineDescription description, DateTimeOffset? watermark, int partitions = 1) => new(
        description.Name, 1, false, [new PipelineGenerationInfo(1, "active", description.ToJson(), null, true)],
        [.. Enumerable.Range(0, partitions).Select(p => new PipelinePartition(new RowSource(1, Samples.Topic, p), "device-events", 1, 10, 10, watermark, 10, 0, 0, 0, Samples.Noon))]);
}
