using System.Data.Common;
using Microsoft.AspNetCore.Components;
using Streaming.Dashboard.Queries;
using Streaming.Dashboard.Shop;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Components.Shop;

/// <summary>The chosen range of the shop: a live one out of the snapshot, a past one read from the database.</summary>
public sealed partial class ShopRange
{
    private CancellationTokenSource? _load;
    private (DateTimeOffset? From, DateTimeOffset? To, int Generation)? _loaded;
    private ShopModel? _past;
    private string? _problem;
    private bool _loading;

    [CascadingParameter]
    private ViewState View { get; set; } = new();

    [Parameter, EditorRequired]
    public ShopSnapshot Shop { get; set; } = ShopSnapshot.Empty;

    private ShopModel? Model => View.IsLive ? Shop.Live(View.LiveLength) : _past;

    public void Dispose()
    {
        _load?.Cancel();
        _load?.Dispose();
    }

    protected override Task OnParametersSetAsync()
    {
        if (View.IsLive)
        {
            (_loaded, _past, _problem, _loading) = (null, null, null, false);
            return Task.CompletedTask;
        }

        return Wanted() == _loaded ? Task.CompletedTask : LoadPastAsync();
    }

    private (DateTimeOffset?, DateTimeOffset?, int) Wanted() => (View.From, View.To, Shop.Minutes.Info?.Generation ?? 0);

    private async Task LoadPastAsync()
    {
        if (_load is not null)
        {
            await _load.CancelAsync();
            _load.Dispose();
        }

        var load = _load = new CancellationTokenSource();
        var (from, to) = (View.From!.Value, View.To!.Value);
        (_loaded, _problem, _loading) = (Wanted(), null, true);
        try
        {
            _past = await Past.ReadAsync(from, to, Shop.Labels, load.Token);
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
    }

    [LoggerMessage(3049, LogLevel.Warning, "Could not read the shop from {From} to {To}")]
    private static partial void LogFailed(ILogger logger, Exception exception, DateTimeOffset from, DateTimeOffset to);
}
