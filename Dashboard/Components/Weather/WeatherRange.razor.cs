using Microsoft.AspNetCore.Components;
using Streaming.Dashboard.Views;
using Streaming.Dashboard.Weather;

namespace Streaming.Dashboard.Components.Weather;

/// <summary>The chosen range of the weather: a live one out of the snapshots, a past one read from the database.</summary>
public sealed partial class WeatherRange
{
    private PastLoad<(DateTimeOffset From, DateTimeOffset To, string Window, int Generation), WeatherPeriods> _past = default!;
    private WeatherPeriods? _periods;
    private (WeatherPeriods? Periods, ViewState? View, object? Alerts) _built;
    private WeatherModel? _model;
    private WeatherTilesModel? _tiles;

    [CascadingParameter]
    private ViewState View { get; set; } = new();

    [Parameter, EditorRequired]
    public WeatherSnapshots Weather { get; set; } = default!;

    public void Dispose() => _past.Dispose();

    protected override void OnInitialized() => _past = new(
        (wanted, stop) => ReadAsync(wanted.From, wanted.To, wanted.Window, stop),
        (e, wanted) => LogFailed(Logger, e, wanted.From, wanted.To));

    protected override async Task OnParametersSetAsync()
    {
        if (View.IsLive)
        {
            _past.Forget();
        }
        else
        {
            await _past.WantAsync((View.From!.Value, View.To!.Value, WeatherPipelines.Resolution(View.Window), Weather.Cities.Info?.Generation ?? 0));
        }

        Build();
    }

    /// <summary>Anew only when something differs: charts draw whenever they get another model.</summary>
    private void Build()
    {
        _periods = View.IsLive ? Weather.Live(View.Last) : _past.Value;
        var alerts = Weather.Stations.Alerts;
        if (_periods == _built.Periods && View.Equals(_built.View) && ReferenceEquals(alerts, _built.Alerts))
        {
            return;
        }

        _built = (_periods, View, alerts);
        _model = _periods is null ? null : WeatherModel.Build(_periods, View, View.IsLive ? alerts.Firing : []);
        _tiles = _model is null ? null : WeatherTilesModel.Of(_periods!, _model, alerts.FiringCount);
    }

    private async Task<WeatherPeriods> ReadAsync(DateTimeOffset from, DateTimeOffset to, string window, CancellationToken cancellationToken)
    {
        var cities = await Past.ReadAsync(WeatherPipelines.Cities, window, from, to, cancellationToken);
        var messages = await Past.ReadAsync(WeatherPipelines.Messages, window, from, to, cancellationToken);
        var stations = await Past.ReadAsync(WeatherPipelines.Stations, WeatherPipelines.StationWindow, from, to, cancellationToken);
        return new WeatherPeriods(cities, stations, messages);
    }

    private async Task AgainAsync()
    {
        await _past.AgainAsync();
        Build();
    }

    [LoggerMessage(3060, LogLevel.Warning, "Could not read the weather from {From} to {To}")]
    private static partial void LogFailed(ILogger logger, Exception exception, DateTimeOffset from, DateTimeOffset to);
}
