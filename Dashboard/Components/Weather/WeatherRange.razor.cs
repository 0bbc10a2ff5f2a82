using System.Data.Common;
using Microsoft.AspNetCore.Components;
using Streaming.Dashboard.Queries;
using Streaming.Dashboard.Views;
using Streaming.Dashboard.Weather;

namespace Streaming.Dashboard.Components.Weather;

/// <summary>The chosen range of the weather: a live one out of the snapshots, a past one read from the database.</summary>
public sealed partial class WeatherRange
{
    private CancellationTokenSource? _load;
    private (DateTimeOffset? From, DateTimeOffset? To, string Window, int Generation)? _loaded;
    private WeatherPeriods? _past;
    private WeatherPeriods? _periods;
    private (WeatherPeriods? Periods, ViewState? View, object? Alerts) _built;
    private WeatherModel? _model;
    private WeatherTilesModel? _tiles;
    private string? _problem;
    private bool _loading;

    [CascadingParameter]
    private ViewState View { get; set; } = new();

    [Parameter, EditorRequired]
    public WeatherSnapshots Weather { get; set; } = default!;

    public void Dispose()
    {
        _load?.Cancel();
        _load?.Dispose();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (View.IsLive)
        {
            (_loaded, _past, _problem, _loading) = (null, null, null, false);
        }
        else if (Wanted() != _loaded)
        {
            await LoadPastAsync();
        }

        Build();
    }

    /// <summary>Anew only when something differs: charts draw whenever they get another model.</summary>
    private void Build()
    {
        _periods = View.IsLive ? Weather.Live(View.Last) : _past;
        var alerts = Weather.Stations.Alerts;
        if (_periods == _built.Periods && View.Equals(_built.View) && ReferenceEquals(alerts, _built.Alerts))
        {
            return;
        }

        _built = (_periods, View, alerts);
        _model = _periods is null ? null : WeatherModel.Build(_periods, View, View.IsLive ? alerts.Firing : []);
        _tiles = _model is null ? null : WeatherTilesModel.Of(_periods!, _model, alerts.FiringCount);
    }

    private (DateTimeOffset?, DateTimeOffset?, string, int) Wanted() =>
        (View.From, View.To, WeatherPipelines.Resolution(View.Window), Weather.Cities.Info?.Generation ?? 0);

    private async Task LoadPastAsync()
    {
        if (_load is not null)
        {
            await _load.CancelAsync();
            _load.Dispose();
        }

        var load = _load = new CancellationTokenSource();
        var (from, to, window) = (View.From!.Value, View.To!.Value, WeatherPipelines.Resolution(View.Window));
        (_loaded, _problem, _loading) = (Wanted(), null, true);
        try
        {
            var cities = await Past.ReadAsync(WeatherPipelines.Cities, window, from, to, load.Token);
            var messages = await Past.ReadAsync(WeatherPipelines.Messages, window, from, to, load.Token);
            var stations = await Past.ReadAsync(WeatherPipelines.Stations, WeatherPipelines.StationWindow, from, to, load.Token);
            _past = new WeatherPeriods(cities, stations, messages);
            _loading = load != _load;
        }
        catch (OperationCanceledException) when (load.IsCancellationRequested)
        {
            // A newer range is wanted, or the page is gone.
        }
        catch (Exception e) when (e is RangeTooLargeException or DbException)
        {
            LogFailed(Logger, e, from, to);
            _loading = false;
            _problem = e is RangeTooLargeException ? e.Message : "The database did not answer. The live view goes on as soon as it is back.";
        }

        Build();
    }

    [LoggerMessage(3060, LogLevel.Warning, "Could not read the weather from {From} to {To}")]
    private static partial void LogFailed(ILogger logger, Exception exception, DateTimeOffset from, DateTimeOffset to);
}
