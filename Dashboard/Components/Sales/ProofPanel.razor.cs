using Microsoft.AspNetCore.Components;
using Streaming.Dashboard.Proof;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Components.Sales;

/// <summary>The proof that both ways of counting agree: the newest minutes, counted once for all browsers, or those of a past range whose events are kept.</summary>
public sealed partial class ProofPanel
{
    private PastLoad<(DateTimeOffset From, DateTimeOffset To), ProofTable> _past = default!;

    [CascadingParameter]
    private ViewState View { get; set; } = new();

    public void Dispose() => _past.Dispose();

    protected override void OnInitialized() => _past = new(
        (wanted, stop) => Reader.PastAsync(wanted.From, wanted.To, stop),
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

    [LoggerMessage(3041, LogLevel.Warning, "Could not count the range from {From} to {To} both ways")]
    private static partial void LogFailed(ILogger logger, Exception exception, DateTimeOffset from, DateTimeOffset to);
}
