using Streaming.Contracts.Measures;
using Streaming.Contracts.Pipelines;
using Streaming.Contracts.Windows;
using Streaming.Dashboard.Pipelines;
using static Streaming.Dashboard.Tests.Samples;

namespace Streaming.Dashboard.Tests.Weather;

/// <summary>Small pieces of the weather's pipelines. Minute 0 is noon; temperatures and winds are in hundredths.</summary>
internal static class WeatherSamples
{
    public static readonly TumblingWindows TenMinutes = WindowSpecs.Tumbling(TimeSpan.FromMinutes(10));

    public static readonly MeasurePlan Weather = new(
        [new FieldSpec("temperature", FieldKind.Number, 2, "°C"), new FieldSpec("wind", FieldKind.Number, 2, "m/s")],
        [
            new MeasureSpec("temperature_mean", MeasureKind.Mean, 0), new MeasureSpec("temperature_last", MeasureKind.Last, 0), new MeasureSpec("wind_max", MeasureKind.Max, 1),
            new MeasureSpec("count", MeasureKind.Count, -1),
        ]);

    public static readonly MeasurePlan Messages = new([], [new MeasureSpec("count", MeasureKind.Count, -1)]);

    public static PipelineDescription Description(string name, bool byRecord = false) => new(
        name, name, "processed_weather", name == "weather-by-station" ? "station" : "city", byRecord,
        [TenMinutes, WindowSpecs.Tumbling(TimeSpan.FromMinutes(1)), WindowSpecs.Tumbling(TimeSpan.FromHours(1)), WindowSpecs.Tumbling(TimeSpan.FromDays(1))],
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), name == "tweets-by-city" ? Messages : Weather,
        [new PipelineStep("source", "raw_weather"), new PipelineStep("filter", "f"), new PipelineStep("source", "processed_weather"), new PipelineStep("output", "late"), new PipelineStep("output", "dead")]);

    /// <summary>A row of ten minutes with readings of one temperature and wind.</summary>
    public static StoredRow Row(int minute, string key, int temperature, int wind = 300, int readings = 2, int partition = 0, int minutes = 10)
    {
        var state = new MeasureState(Weather);
        var basic = default(BasicMeasures);
        for (var i = 0; i < readings; i++)
        {
            basic = basic.With(temperature);
            state.Add(new EventValues([temperature, wind], 0, minute * 60_000L, i));
        }

        return Row(minute, key, basic, state.Encode(), partition, minutes);
    }

    /// <summary>A row of so many messages.</summary>
    public static StoredRow Written(int minute, string city, int messages) =>
        Row(minute, city, Enumerable.Range(0, messages).Aggregate(default(BasicMeasures), (sum, _) => sum.With(0)), null, 0, 10);

    public static PipelineSnapshot Snapshot(string name, int watermarkMinute, params StoredRow[] rows)
    {
        var info = new PipelineInfo(
            name, 1, false, [new PipelineGenerationInfo(1, "active", Description(name).ToJson(), null, true)],
            [new PipelinePartition(new RowSource(1, Topic, 0), "t", 1, 10, 10, Minute(watermarkMinute), 10, 0, 0, 0, Noon)]);
        return new PipelineFeedState("10m", 100_000, 100_000_000).Apply(new PipelineChanges(Noon, info, "e", true, rows, false, [], PipelineAlerts.None), Noon);
    }

    private static StoredRow Row(int minute, string key, BasicMeasures basic, byte[]? state, int partition, int minutes) => new(
        new RowId(new RowSource(1, Topic, partition), false, key), Contracts.Windows.Window.Between(Minute(minute), Minute(minute + minutes)), basic, 0, false, 1, state);
}
