using System.Data.Common;
using Microsoft.AspNetCore.Components;
using Streaming.Dashboard.Proof;
using Streaming.Dashboard.Queries;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Components.Sales;

/// <summary>The proof that both ways of counting agree: the newest minutes, counted once for all browsers, or those of a past range whose events are kept.</summary>
public sealed partial class ProofPanel
{
    private CancellationTokenSource? _load;
    private (DateTimeOffset? From, DateTimeOffset? To) _loaded;
    private ProofTable? _past;
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
        catch (Exception e) when (e is RangeTooLargeException or DbException)
        {
            LogFailed(Logger, e, from, to);
            _problem = e is RangeTooLargeException ? e.Message : "The database did not answer.";
        }
    }

    [LoggerMessage(3041, LogLevel.Warning, "Could not count the range from {From} to {To} both ways")]
    private static partial void LogFailed(ILogger logger, Exception exception, DateTimeOffset from, DateTimeOffset to);
}
