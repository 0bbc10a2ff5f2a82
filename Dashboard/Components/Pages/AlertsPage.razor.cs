using System.Collections.Immutable;
using System.Data.Common;
using Microsoft.AspNetCore.Components;
using Streaming.Dashboard.Alerts;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Components.Pages;

/// <summary>The alerts of all pipelines: those that fire and the newest that are over, live; or those that began in a past range.</summary>
public sealed partial class AlertsPage
{
    private CancellationTokenSource? _load;
    private (DateTimeOffset? From, DateTimeOffset? To) _loaded;
    private ImmutableArray<AlertRow>? _past;
    private string? _problem;

    [CascadingParameter]
    private ViewState View { get; set; } = new();

    public void Dispose()
    {
        _load?.Cancel();
        _load?.Dispose();
    }

    protected override Task OnParametersSetAsync()
    {
        if (View.IsLive)
        {
            (_loaded, _past, _problem) = (default, null, null);
            return Task.CompletedTask;
        }

        return (View.From, View.To) == _loaded ? Task.CompletedTask : LoadAsync(View.From!.Value, View.To!.Value);
    }

    private async Task LoadAsync(DateTimeOffset from, DateTimeOffset to)
    {
        if (_load is not null)
        {
            await _load.CancelAsync();
            _load.Dispose();
        }

        var load = _load = new CancellationTokenSource();
        (_loaded, _past, _problem) = ((from, to), null, null);
        try
        {
            _past = await Reader.PastAsync(from, to, load.Token);
        }
        catch (OperationCanceledException) when (load.IsCancellationRequested)
        {
            // A newer range is wanted, or the page is gone.
        }
        catch (DbException e)
        {
            LogFailed(Logger, e, from, to);
            _problem = "The database did not answer. The live view goes on as soon as it is back.";
        }
    }

    private static string Summary(AlertsSnapshot alerts)
    {
        var firing = alerts.FiringCount switch { 0 => "Nothing fires.", 1 => "One alert fires.", var many => $"{Figures.Count(many!.Value)} alerts fire." };
        return alerts.IsCut ? $"{firing} Only the newest {AlertsSnapshot.Most} of each sort are shown; for older ones choose a past range." : firing;
    }

    [LoggerMessage(3042, LogLevel.Warning, "Could not read the alerts from {From} to {To}")]
    private static partial void LogFailed(ILogger logger, Exception exception, DateTimeOffset from, DateTimeOffset to);
}
