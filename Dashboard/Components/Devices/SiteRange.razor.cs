using System.Data.Common;
using Microsoft.AspNetCore.Components;
using Streaming.Dashboard.Devices;
using Streaming.Dashboard.Queries;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Components.Devices;

/// <summary>Gives its content the chosen range of the sites, and says what is the matter while there is none.</summary>
public sealed partial class SiteRange
{
    private CancellationTokenSource? _load;
    private (DateTimeOffset? From, DateTimeOffset? To) _loaded;
    private SitePeriod? _period;
    private string? _problem;
    private bool _loading;

    [CascadingParameter]
    private ViewState View { get; set; } = new();

    /// <summary>Shows a range.</summary>
    [Parameter, EditorRequired]
    public RenderFragment<SitePeriod> ChildContent { get; set; } = default!;

    public void Dispose()
    {
        _load?.Cancel();
        _load?.Dispose();
    }

    protected override Task OnParametersSetAsync()
    {
        if (View.IsLive)
        {
            (_loaded, _period, _problem, _loading) = (default, null, null, false);
            return Task.CompletedTask;
        }

        return (View.From, View.To) == _loaded ? Task.CompletedTask : LoadAsync();
    }

    private async Task LoadAsync()
    {
        if (_load is not null)
        {
            await _load.CancelAsync();
            _load.Dispose();
        }

        var load = _load = new CancellationTokenSource();
        var (from, to) = (View.From!.Value, View.To!.Value);
        (_loaded, _problem, _loading) = ((from, to), null, true);
        try
        {
            _period = await Past.ReadAsync(from, to, load.Token);
            _loading = load != _load;
        }
        catch (OperationCanceledException) when (load.IsCancellationRequested)
        {
            // A newer range is wanted, or the page is gone.
        }
        catch (Exception e) when (e is RangeTooLargeException or DbException or TimeoutException)
        {
            LogFailed(Logger, e, from, to);
            (_loading, _period) = (false, null);
            _problem = e is RangeTooLargeException ? e.Message : "The database did not answer. The live view goes on as soon as it is back.";
        }
    }

    [LoggerMessage(3080, LogLevel.Warning, "Could not read the sites from {From} to {To}")]
    private static partial void LogFailed(ILogger logger, Exception exception, DateTimeOffset from, DateTimeOffset to);
}
