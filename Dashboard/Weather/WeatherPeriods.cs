using Streaming.Dashboard.Pipelines;

namespace Streaming.Dashboard.Weather;

/// <summary>The windows of one range that the page shows: of cities, of stations, of messages. Null where nothing is known.</summary>
public sealed record WeatherPeriods(PipelinePeriod? Cities, PipelinePeriod? Stations, PipelinePeriod? Messages)
{
    /// <summary>Whether there is anything of the weather.</summary>
    public bool HasData => Cities is { HasData: true };
}

/// <summary>What the live page shows, out of the three pipelines' feeds.</summary>
public sealed record WeatherSnapshots(PipelineSnapshot Cities, PipelineSnapshot Stations, PipelineSnapshot Messages)
{
    /// <summary>How many of the newest ten minutes of stations are looked at: three hours tell who has fallen silent.</summary>
    private const int StationWindows = 18;

    /// <summary>The newest windows.</summary>
    public WeatherPeriods Live(int windows) => new(Cities.Live(windows), Stations.Live(StationWindows), Messages.Live(windows));
}
