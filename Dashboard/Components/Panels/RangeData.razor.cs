using System.Data.Common;
using Microsoft.AspNetCore.Components;
using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Queries;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Components.Panels;

/// <summary>Gives its content the chosen range: a live one out of the snapshot, a past one read from the database. Says what is the matter while there is none.</summary>
public sealed partial class RangeData
{
    private CancellationTokenSource? _load;
    private (DateTimeOffset? From, DateTimeOffset? To, int? Generation) _loaded;
    private SalesPeriod? _past;
    private string? _problem;
    private bool _loading;

    [CascadingParameter]
    private FeedSnapshot Snapshot { get; set; } = FeedSnapshot.Empty;

    [CascadingParameter]
    private ViewState View { get; set; } = new();

    /// <summary>Shows a range that has data.</summary>
    [Parameter, EditorRequired]
    public RenderFragment<SalesPeriod> ChildContent { get; set; } = default!;

    private SalesPeriod? Period => View.IsLive ? Snapshot.Periods.Live(View.LiveLength) : _past;

    public void Dispose()
    {
        _load?.Cancel();
        _load?.Dispose();
    }

    protected override Task OnParametersSetAsync()
    {
        var wanted = (View.From, View.To, Snapshot.Generation);
        if (View.IsLive)
        {
            (_loaded, _past, _problem, _loading) = (default, null, null, false);
            return Task.CompletedTask;
        }

        return wanted == _loaded ? Task.CompletedTask : LoadPastAsync();
    }

    private async Task LoadPastAsync()
    {
        if (_load is not null)
        {
            await _load.CancelAsync();
            _load.Dispose();
        }

        var load = _load = new CancellationTokenSource();
        var (from, to) = (View.From!.Value, View.To!.Value);
        (_loaded, _problem, _loading) = ((from, to, Snapshot.Generation), null, true);
        StateHasChanged();
        try
        {
            _past = await Past.ReadAsync(from, to, load.Token);
            _loading = load != _load;
        }
        catch (OperationCanceledException) when (load.IsCancellationRequested)
        {
            // A newer range is wanted, or the page is gone.
        }
        catch (Exception e) when (e is RangeTooLargeException or DbException or InvalidOperationException { InnerException: DbException })
        {
            LogFailed(Logger, e, from, to);
            _loading = false;
            _problem = e is RangeTooLargeException ? e.Message : "The database did not answer. The live view goes on as soon as it is back.";
        }
    }

    [LoggerMessage(3010, LogLevel.Warning, "Could not read the range from {From} to {To}")]
    private static partial void LogFailed(ILogger logger, Exception exception, DateTimeOffset from, DateTimeOffset to);
}
