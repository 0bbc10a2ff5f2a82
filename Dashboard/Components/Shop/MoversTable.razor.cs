using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.QuickGrid;
using Streaming.Dashboard.Shop;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Components.Shop;

/// <summary>How far the products' prices have moved, the biggest mover first, sorted and cut into pages on the server. Sort order, search and page lie in the URL.</summary>
public sealed partial class MoversTable
{
    private const int PageSize = 10;

    private static readonly GridSort<Mover> ByName = GridSort<Mover>.ByAscending(m => m.Product.Name);
    private static readonly GridSort<Mover> ByDistance = GridSort<Mover>.ByAscending(m => m.Distance);
    private static readonly GridSort<Mover> ByLast = GridSort<Mover>.ByAscending(m => m.Last);
    private static readonly GridSort<Mover> ByChanges = GridSort<Mover>.ByAscending(m => m.Changes);

    private readonly PaginationState _pagination = new() { ItemsPerPage = PageSize };
    private readonly GridItemsProvider<Mover> _provider;
    private QuickGrid<Mover>? _grid;
    private ViewState? _shownView;
    private ShopModel? _shown;
    private long _all;

    public MoversTable() => _provider = request => ValueTask.FromResult(Provide(request));

    [CascadingParameter]
    private ViewState View { get; set; } = new();

    [CascadingParameter]
    private ViewerClock Clock { get; set; } = ViewerClock.Utc;

    [Parameter, EditorRequired]
    public ShopModel Model { get; set; } = default!;

    protected override Task OnInitializedAsync() => _pagination.SetCurrentPageIndexAsync(View.Page - 1);

    protected override async Task OnParametersSetAsync()
    {
        var (view, model) = (_shownView, _shown);
        (_shownView, _shown, _all) = (View, Model, Model.Movers.Sum(mover => mover.Changes));
        if (view is not null && view.Page != View.Page && View.Page - 1 != _pagination.CurrentPageIndex)
        {
            await _pagination.SetCurrentPageIndexAsync(View.Page - 1);
        }
        else if (_grid is not null && (!ReferenceEquals(model, Model) || view?.Find != View.Find))
        {
            await _grid.RefreshDataAsync();
        }
    }

    /// <summary>The further keys make the order total: without them a row could appear on two pages or on none.</summary>
    internal static IEnumerable<Mover> Sorted(IEnumerable<Mover> movers, GridItemsProviderRequest<Mover> request)
    {
        var source = movers.AsQueryable();
        var sorted = request.SortByColumn is null ? source.OrderByDescending(m => m.Distance) : (IOrderedQueryable<Mover>)request.ApplySorting(source);
        return sorted.ThenByDescending(m => m.Distance).ThenByDescending(m => m.Changes).ThenBy(m => m.Product.Id, StringComparer.Ordinal);
    }

    private GridItemsProviderResult<Mover> Provide(GridItemsProviderRequest<Mover> request)
    {
        Remember(request);
        var movers = Model.Movers.Where(mover => mover.Product.Matches(View.Find)).ToList();
        var page = Sorted(movers, request).Skip(request.StartIndex);
        return GridItemsProviderResult.From<Mover>([.. request.Count is { } count ? page.Take(count) : page], movers.Count);
    }

    /// <summary>Puts the order and the page that the grid asks for into the URL.</summary>
    private void Remember(GridItemsProviderRequest<Mover> request)
    {
        // The first request's answer is made from its URL; only a live page may change the address.
        if (RendererInfo.IsInteractive && request.SortByColumn?.Title is { } sort)
        {
            Navigator.Change(view => view with { Sort = sort == "Move" ? "Start" : sort, Ascending = request.SortByAscending, Page = _pagination.CurrentPageIndex + 1 });
        }
    }

    private string Note() => Model.Movers.IsEmpty
        ? "No product has changed."
        : $"From the price before the first change to the last one, {Clock.Time(Model.MoversFrom)}–{Clock.Time(Model.MoversTo)}{(View.IsLive ? " (the newest quarter of an hour, the open minute included)" : "")}. Choose one to see its history.";

    private string Share(Mover mover) => _all == 0 ? "" : $"{Figures.Percent((double)mover.Changes / _all)} of all changes";

    private string Link(Mover mover) => "shop" + (View with { Product = mover.Product.Id }).ToQuery();

    private static string? Id(Mover mover) => mover.Product.Id.Length <= 200 ? mover.Product.Id : null;

    private void Find(ChangeEventArgs e) => Navigator.Change(view => view with { Find = e.Value?.ToString()?.Trim() is { Length: > 0 } find ? find : null, Page = 1 });

    private bool IsSort(string column) => View.Sort == column;

    private SortDirection Direction(string column, SortDirection usual = SortDirection.Descending) =>
        View.Sort == column || (View.Sort == "Start" && column == "Move") ? (View.Ascending ? SortDirection.Ascending : SortDirection.Descending) : usual;
}
