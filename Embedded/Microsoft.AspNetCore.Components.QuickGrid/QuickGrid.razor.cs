using Microsoft.AspNetCore.Components.QuickGrid.Infrastructure;

namespace Microsoft.AspNetCore.Components.QuickGrid;

/// <summary>A table whose columns are child components, with sorting and paging.</summary>
/// <typeparam name="TGridItem">The type of a row.</typeparam>
[CascadingTypeParameter(nameof(TGridItem))]
public partial class QuickGrid<TGridItem> : IAsyncDisposable
{
    private readonly List<ColumnBase<TGridItem>> _columns = [];
    private readonly GridContext<TGridItem> _context;
    private readonly RenderFragment _rows;
    private ICollection<TGridItem> _items = [];
    private int _rowCount;
    private ColumnBase<TGridItem>? _sortColumn;
    private bool _sortAscending;
    private CancellationTokenSource? _load;
    private object? _loadedFrom;
    private PaginationState? _followed;
    private IDisposable? _pageChanged;
    private bool _loadedOnce;

    /// <summary>Makes a grid without rows.</summary>
    public QuickGrid()
    {
        _context = new GridContext<TGridItem>(this, EventCallback.Factory.Create(this, LoadFirstAsync));
        _rows = RenderRows;
    }

    /// <summary>The rows, as a query; either this or <see cref="ItemsProvider"/>.</summary>
    [Parameter]
    public IQueryable<TGridItem>? Items { get; set; }

    /// <summary>Fetches the rows; either this or <see cref="Items"/>.</summary>
    [Parameter]
    public GridItemsProvider<TGridItem>? ItemsProvider { get; set; }

    /// <summary>CSS classes of the table.</summary>
    [Parameter]
    public string? Class { get; set; }

    /// <summary>The table's <c>theme</c> attribute, which style sheets match.</summary>
    [Parameter]
    public string? Theme { get; set; } = "default";

    /// <summary>The columns.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    /// <summary>What tells a row from another when the table is rendered again.</summary>
    [Parameter]
    public Func<TGridItem, object> ItemKey { get; set; } = item => item!;

    /// <summary>Which page is shown; unset, all rows are.</summary>
    [Parameter]
    public PaginationState? Pagination { get; set; }

    /// <summary>Further attributes of the table.</summary>
    [Parameter(CaptureUnmatchedValues = true)]
    public IReadOnlyDictionary<string, object>? AdditionalAttributes { get; set; }

    /// <summary>Sorts by <paramref name="column"/> and loads again.</summary>
    public Task SortByColumnAsync(ColumnBase<TGridItem> column, SortDirection direction = SortDirection.Auto)
    {
        ArgumentNullException.ThrowIfNull(column);
        _sortAscending = direction switch
        {
            SortDirection.Ascending => true,
            SortDirection.Descending => false,
            _ => _sortColumn == column ? !_sortAscending : column.InitialSortDirection != SortDirection.Descending,
        };
        _sortColumn = column;
        StateHasChanged();
        return RefreshDataAsync();
    }

    /// <summary>Loads the rows again and renders them.</summary>
    public async Task RefreshDataAsync()
    {
        await LoadAsync();
        StateHasChanged();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _pageChanged?.Dispose();
        if (_load is not null)
        {
            await _load.CancelAsync();
            _load.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    internal void AddColumn(ColumnBase<TGridItem> column, SortDirection initialSortDirection, bool isDefaultSortColumn)
    {
        if (!_columns.Contains(column))
        {
            _columns.Add(column);
        }

        if (isDefaultSortColumn && _sortColumn is null && !_loadedOnce)
        {
            _sortColumn = column;
            _sortAscending = initialSortDirection != SortDirection.Descending;
        }
    }

    /// <inheritdoc />
    protected override Task OnParametersSetAsync()
    {
        if (Items is not null && ItemsProvider is not null)
        {
            throw new InvalidOperationException($"{nameof(QuickGrid<>)} requires one of {nameof(Items)} or {nameof(ItemsProvider)}, but both were specified.");
        }

        FollowPagination();
        var source = (object?)Items ?? ItemsProvider;
        var changed = !Equals(source, _loadedFrom);
        _loadedFrom = source;

        // The first load waits until the columns are known, because one of them may be the default sort order.
        return changed && _loadedOnce ? LoadAsync() : Task.CompletedTask;
    }

    private Task LoadFirstAsync()
    {
        _loadedOnce = true;
        return LoadAsync();
    }

    private void FollowPagination()
    {
        if (ReferenceEquals(_followed, Pagination))
        {
            return;
        }

        _pageChanged?.Dispose();
        _followed = Pagination;
        _pageChanged = Pagination?.PageChanged.Add(EventCallback.Factory.Create<PaginationState>(this, _ => RefreshDataAsync()));
    }

    private async Task LoadAsync()
    {
        // A newer request makes an older one pointless.
        if (_load is not null)
        {
            await _load.CancelAsync();
        }

        var load = _load = new CancellationTokenSource();
        var start = Pagination is null ? 0 : Pagination.CurrentPageIndex * Pagination.ItemsPerPage;
        var request = new GridItemsProviderRequest<TGridItem>(start, Pagination?.ItemsPerPage, _sortColumn, _sortAscending, load.Token);
        GridItemsProviderResult<TGridItem> result;
        try
        {
            result = await FetchAsync(request);
        }
        catch (OperationCanceledException) when (load.IsCancellationRequested)
        {
            return;
        }

        if (load.IsCancellationRequested)
        {
            return;
        }

        _items = result.Items;
        _rowCount = result.TotalItemCount;
        _load = null;
        load.Dispose();
        if (Pagination is not null)
        {
            await Pagination.SetTotalItemCountAsync(result.TotalItemCount);
        }
    }

    private ValueTask<GridItemsProviderResult<TGridItem>> FetchAsync(GridItemsProviderRequest<TGridItem> request)
    {
        if (ItemsProvider is not null)
        {
            return ItemsProvider(request);
        }

        if (Items is null)
        {
            return ValueTask.FromResult(GridItemsProviderResult.From<TGridItem>([], 0));
        }

        var page = request.ApplySorting(Items).Skip(request.StartIndex);
        TGridItem[] rows = [.. request.Count is { } count ? page.Take(count) : page];
        return ValueTask.FromResult(GridItemsProviderResult.From(rows, Items.Count()));
    }

    private string GridClass() => $"quickgrid {Class}{(_load is null ? null : " loading")}".TrimEnd();

    private string? AriaSort(ColumnBase<TGridItem> column) => _sortColumn == column ? (_sortAscending ? "ascending" : "descending") : "none";

    private string? HeaderClass(ColumnBase<TGridItem> column) => _sortColumn == column
        ? $"{ColumnClass(column)} {(_sortAscending ? "col-sort-asc" : "col-sort-desc")}"
        : ColumnClass(column);

    private static string? ColumnClass(ColumnBase<TGridItem> column) => column.Align switch
    {
        Align.Center => $"col-justify-center {column.Class}",
        Align.End => $"col-justify-end {column.Class}",
        Align.Left => $"col-justify-left {column.Class}",
        Align.Right => $"col-justify-right {column.Class}",
        _ => column.Class,
    };
}
