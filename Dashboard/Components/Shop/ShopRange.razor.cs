using Microsoft.AspNetCore.Components;
using Streaming.Dashboard.Shop;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Components.Shop;

/// <summary>The chosen range of the shop: a live one out of the snapshot, a past one read from the database.</summary>
public sealed partial class ShopRange
{
    private PastLoad<(DateTimeOffset From, DateTimeOffset To, int Generation), ShopModel?> _past = default!;

    [CascadingParameter]
    private ViewState View { get; set; } = new();

    [Parameter, EditorRequired]
    public ShopSnapshot Shop { get; set; } = ShopSnapshot.Empty;

    private ShopModel? Model => View.IsLive ? Shop.Live(View.LiveLength) : _past.Value;

    public void Dispose() => _past.Dispose();

    protected override void OnInitialized() => _past = new(
        (wanted, stop) => Past.ReadAsync(wanted.From, wanted.To, Shop.Labels, stop),
        (e, wanted) => LogFailed(Logger, e, wanted.From, wanted.To));

    protected override Task OnParametersSetAsync()
    {
        if (!View.IsLive)
        {
            return _past.WantAsync((View.From!.Value, View.To!.Value, Shop.Minutes.Info?.Generation ?? 0));
        }

        _past.Forget();
        return Task.CompletedTask;
    }

    [LoggerMessage(3049, LogLevel.Warning, "Could not read the shop from {From} to {To}")]
    private static partial void LogFailed(ILogger logger, Exception exception, DateTimeOffset from, DateTimeOffset to);
}
