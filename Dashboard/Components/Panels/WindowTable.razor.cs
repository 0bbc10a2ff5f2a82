using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.QuickGrid;
using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Queries;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Components.Panels;

/// <summary>
/// The windows of the range, sorted and cut into pages on the server: a live range out of the snapshot, a past one by the database. Sort order,
/// page and store lie in the URL.
/// </summary>
public sealed partial class WindowTable
{
    private static readonly GridSort<WindowRow> ByName = GridSort<WindowRow>.ByAscending(r => r.Name);
    private static readonly GridSort<WindowRow> ByStart = GridSort<WindowRow>.ByAscending(r => r.Start);
    private static readonly GridSort<WindowRow> BySum = GridSort<WindowRow>.ByAscending(r => r.Sum);
    private static readonly GridSort<WindowRow> ByMean = GridSort<WindowRow>.ByAscending(r => r.Mean);
    private static readonly GridSort<WindowRow> ByFinal = GridSort<WindowRow>.ByAscending(r => r.IsFinal);

    private readonly PaginationState _pagination = new();
    private readonly GridItemsProvider<WindowRow> _provider;
    private QuickGrid<WindowRow>? _grid;
    private ViewState? _shown;
    private long _shownSnapshot = -1;
    private string? _problem;

    public WindowTable() => _provider = ProvideAsync;

    [CascadingParameter]
    private FeedSnapshot Snapshot { get; set; } = FeedSnapshot.Empty;

    [CascadingParameter]
    private ViewState View { get; set; } = new();

    [CascadingParameter]
    private ViewerClock Clock { get; set; } = ViewerClock.Utc;

    /// <summary>Rows per page.</summary>
    [Parameter]
    public int PageSize { get; set; } = 12;

    protected override async Task OnInitializedAsync()
    {
        _pagination.ItemsPerPage = PageSize;
        await _pagination.SetCurrentPageIndexAsync(View.Page - 1);
    }

    protected override async Task OnParametersSetAsync()
    {
        var (before, after) = (_shown, View);
        _shown = View;
        var turned = View.Page - 1 != _pagination.CurrentPageIndex;
        var news = View.IsLive && Snapshot.Number != _shownSnapshot;
        if (turned && before?.Page != after.Page)
        {
            await _pagination.SetCurrentPageIndexAsync(View.Page - 1);
        }
        else if (_grid is not null && (news || Rows(before) != Rows(after)))
        {
            await _grid.RefreshDataAsync();
        }
    }

    /// <summary>What decides which rows there are, whatever their order and page.</summary>
    private static (string, DateTimeOffset?, DateTimeOffset?, string?)? Rows(ViewState? view) => view is null ? null : (view.Live, view.From, view.To, view.Store);

    private async ValueTask<GridItemsProviderResult<WindowRow>> ProvideAsync(GridItemsProviderRequest<WindowRow> request)
    {
        Remember(request);
        _shownSnapshot = Snapshot.Number;
        try
        {
            var page = View.IsLive ? WindowPages.Live(Snapshot, View, request) : await Pages.PastAsync(View, request);
            _problem = null;
            return page;
        }
        catch (Exception e) when (NoAnswer.Is(e))
        {
            LogFailed(Logger, e);
            _problem = "The database did not answer, so the table cannot be shown. Sort or turn the page to try again.";
            StateHasChanged();
            return GridItemsProviderResult.From<WindowRow>([], 0);
        }
    }

    /// <summary>Puts the order and the page that the grid asks for into the URL.</summary>
    private void Remember(GridItemsProviderRequest<WindowRow> request)
    {
        // The first request's answer is made from its URL; only a live page may change the address.
        if (RendererInfo.IsInteractive && request.GetSortByProperties().FirstOrDefault() is { PropertyName: { } sort } by)
        {
            Navigator.Change(view => view with { Sort = sort, Ascending = by.Direction == SortDirection.Ascending, Page = _pagination.CurrentPageIndex + 1 });
        }
    }

    private void Filter(ChangeEventArgs e) =>
        Navigator.Change(view => view with { Store = e.Value?.ToString() is { Length: > 0 } store ? store : null, Page = 1 });

    /// <summary>Every store that is known or has windows, by name; the chosen one even if neither.</summary>
    private IEnumerable<StoreInfo> Choices() => Snapshot.Stores.Keys
        .Concat(Snapshot.Windows.Values.SelectMany(minute => minute.Keys.Select(key => key.StoreId)))
        .Append(View.Store ?? "")
        .Where(id => id.Length > 0)
        .Distinct(StringComparer.Ordinal)
        .Select(Snapshot.Store)
        .OrderBy(store => store.Name, StringComparer.Ordinal);

    private bool IsSort(string column) => View.Sort == column;

    private SortDirection Direction(string column) =>
        View.Sort == column ? (View.Ascending ? SortDirection.Ascending : SortDirection.Descending) : column == "Name" ? SortDirection.Ascending : SortDirection.Descending;

    [LoggerMessage(3011, LogLevel.Warning, "Could not read a page of windows")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
