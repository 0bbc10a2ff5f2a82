using Microsoft.AspNetCore.Components;
using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Components.Panels;

/// <summary>Gives its content the chosen range: a live one out of the snapshot, a past one read from the database. Says what is the matter while there is none.</summary>
public sealed partial class RangeData
{
    private PastLoad<(DateTimeOffset From, DateTimeOffset To, int? Generation), SalesPeriod> _past = default!;

    [CascadingParameter]
    private FeedSnapshot Snapshot { get; set; } = FeedSnapshot.Empty;

    [CascadingParameter]
    private ViewState View { get; set; } = new();

    /// <summary>Shows a range that has data.</summary>
    [Parameter, EditorRequired]
    public RenderFragment<SalesPeriod> ChildContent { get; set; } = default!;

    private SalesPeriod? Period => View.IsLive ? Snapshot.Periods.Live(View.LiveLength) : _past.Value;

    public void Dispose() => _past.Dispose();

    protected override void OnInitialized() => _past = new(
        (wanted, stop) => Past.ReadAsync(wanted.From, wanted.To, stop),
        (e, wanted) => LogFailed(Logger, e, wanted.From, wanted.To));

    protected override Task OnParametersSetAsync()
    {
        if (!View.IsLive)
        {
            return _past.WantAsync((View.From!.Value, View.To!.Value, Snapshot.Generation));
        }

        _past.Forget();
        return Task.CompletedTask;
    }

    [LoggerMessage(3010, LogLevel.Warning, "Could not read the range from {From} to {To}")]
    private static partial void LogFailed(ILogger logger, Exception exception, DateTimeOffset from, DateTimeOffset to);
}
