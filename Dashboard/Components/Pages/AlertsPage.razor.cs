using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Streaming.Dashboard.Alerts;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Components.Pages;

/// <summary>The alerts of all pipelines: those that fire and the newest that are over, live; or those that began in a past range.</summary>
public sealed partial class AlertsPage
{
    private PastLoad<(DateTimeOffset From, DateTimeOffset To), PastAlerts> _past = default!;

    [CascadingParameter]
    private ViewState View { get; set; } = new();

    public void Dispose() => _past.Dispose();

    protected override void OnInitialized() => _past = new(
        async (wanted, stop) => new PastAlerts(await Reader.PastAsync(wanted.From, wanted.To, stop)),
        (e, wanted) => LogFailed(Logger, e, wanted.From, wanted.To));

    protected override Task OnParametersSetAsync()
    {
        if (!View.IsLive)
        {
            return _past.WantAsync((View.From!.Value, View.To!.Value));
        }

        _past.Forget();
        return Task.CompletedTask;
    }

    private static string Summary(AlertsSnapshot alerts)
    {
        var firing = alerts.FiringCount switch { 0 => "Nothing fires.", 1 => "One alert fires.", var many => $"{Figures.Count(many!.Value)} alerts fire." };
        return alerts.IsCut ? $"{firing} Only the newest {AlertsSnapshot.Most} of each sort are shown; for older ones choose a past range." : firing;
    }

    [LoggerMessage(3042, LogLevel.Warning, "Could not read the alerts from {From} to {To}")]
    private static partial void LogFailed(ILogger logger, Exception exception, DateTimeOffset from, DateTimeOffset to);

    private sealed record PastAlerts(ImmutableArray<AlertRow> Rows);
}
