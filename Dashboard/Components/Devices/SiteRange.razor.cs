using Microsoft.AspNetCore.Components;
using Streaming.Dashboard.Devices;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Components.Devices;

/// <summary>Gives its content the chosen range of the sites, and says what is the matter while there is none.</summary>
public sealed partial class SiteRange
{
    private PastLoad<(DateTimeOffset From, DateTimeOffset To), SitePeriod?> _past = default!;

    [CascadingParameter]
    private ViewState View { get; set; } = new();

    /// <summary>Shows a range.</summary>
    [Parameter, EditorRequired]
    public RenderFragment<SitePeriod> ChildContent { get; set; } = default!;

    public void Dispose() => _past.Dispose();

    protected override void OnInitialized() => _past = new(
        (wanted, stop) => Past.ReadAsync(wanted.From, wanted.To, stop),
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

    [LoggerMessage(3080, LogLevel.Warning, "Could not read the sites from {From} to {To}")]
    private static partial void LogFailed(ILogger logger, Exception exception, DateTimeOffset from, DateTimeOffset to);
}
