using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.QuickGrid;
using Streaming.Contracts.Pipelines;
using Streaming.Dashboard.Pipelines;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Components.Pipelines;

/// <summary>The windows of the range with all their measures, sorted and cut into pages on the server. Sort order and page lie in the URL.</summary>
public sealed partial class PipelineWindows
{
    private const int PageSize = 15;

    private static readonly GridSort<MeasuredWindow> ByKey = GridSort<MeasuredWindow>.ByAscending(r => r.Key);
    private static readonly GridSort<MeasuredWindow> ByEnd = GridSort<MeasuredWindow>.ByAscending(r => r.Window.EndMs);
    private static readonly GridSort<MeasuredWindow> ByLate = GridSort<MeasuredWindow>.ByAscending(r => r.Late);
    private static readonly GridSort<MeasuredWindow> ByFinal = GridSort<MeasuredWindow>.ByAscending(r => r.IsFinal);

    private readonly PaginationState _pagination = new() { ItemsPerPage = PageSize };
    private readonly GridItemsProvider<MeasuredWindow> _provider;
    private QuickGrid<MeasuredWindow>? _grid;
    private MeasureColumn[] _columns = [];
    private string _keyTitle = "";
    private ViewState? _shownView;
    private PipelinePeriod? _shown;
    private int _damaged;

    public PipelineWindows() => _provider = request => ValueTask.FromResult(Provide(request));

    [CascadingParameter]
    private ViewState View { get; set; } = new();

    [CascadingParameter]
    private ViewerClock Clock { get; set; } = ViewerClock.Utc;

    [Parameter, EditorRequired]
    public PipelinePeriod Period { get; set; } = default!;

    [Parameter, EditorRequired]
    public PipelineDescription Description { get; set; } = default!;

    protected override Task OnInitializedAsync() => _pagination.SetCurrentPageIndexAsync(View.Page - 1);

    protected override async Task OnParametersSetAsync()
    {
        if (_shown is null || !_shown.Plan.Equals(Period.Plan))
        {
            _columns = [.. Period.Plan.Measures.Select((_, i) => new MeasureColumn(i, MeasureText.Label(Period.Plan, Period.Plan.Measures[i]), GridSort<MeasuredWindow>.ByAscending(r => r.Rank(i))))];
        }

        _keyTitle = Description.Key.Length == 0 ? "Key" : char.ToUpperInvariant(Description.Key[0]) + Description.Key[1..];
        var (view, period) = (_shownView, _shown);
        (_shownView, _shown) = (View, Period);
        if (view is not null && view.Page != View.Page && View.Page - 1 != _pagination.CurrentPageIndex)
        {
            await _pagination.SetCurrentPageIndexAsync(View.Page - 1);
        }
        else if (_grid is not null && (!ReferenceEquals(period, Period) || view?.Find != View.Find))
        {
            await _grid.RefreshDataAsync();
        }
    }

    /// <summary>The further keys make the order total: without them a row could appear on two pages or on none.</summary>
    internal static IQueryable<MeasuredWindow> Sorted(IEnumerable<MeasuredWindow> rows, GridItemsProviderRequest<MeasuredWindow> request)
    {
        var source = rows.AsQueryable();
        var sorted = request.SortByColumn is null ? source.OrderByDescending(r => r.Window.EndMs) : (IOrderedQueryable<MeasuredWindow>)request.ApplySorting(source);
        return sorted.ThenByDescending(r => r.Window.EndMs).ThenByDescending(r => r.Basic.Count).ThenBy(r => r.Key, StringComparer.Ordinal).ThenByDescending(r => r.Window.StartMs);
    }

    private GridItemsProviderResult<MeasuredWindow> Provide(GridItemsProviderRequest<MeasuredWindow> request)
    {
        Remember(request);
        var rows = Period.Rows.Where(row => PipelineChartModel.Matches(row.Key, View.Find)).ToList();
        var page = Sorted(rows, request).Skip(request.StartIndex);
        List<MeasuredWindow> shown = [.. request.Count is { } count ? page.Take(count) : page];
        var damaged = shown.Count(row => row.IsDamaged);
        if (damaged != _damaged)
        {
            _damaged = damaged;
            StateHasChanged();
        }

        return GridItemsProviderResult.From<MeasuredWindow>(shown, rows.Count);
    }

    /// <summary>Puts the order and the page that the grid asks for into the URL.</summary>
    private void Remember(GridItemsProviderRequest<MeasuredWindow> request)
    {
        // The first request's answer is made from its URL; only a live page may change the address.
        if (RendererInfo.IsInteractive && request.SortByColumn?.Title is { } sort)
        {
            Navigator.Change(view => view with { Sort = sort == "Window" ? "Start" : sort, Ascending = request.SortByAscending, Page = _pagination.CurrentPageIndex + 1 });
        }
    }

    private string Cell(MeasuredWindow row, MeasureColumn column)
    {
        var measure = Period.Plan.Measures[column.Index];
        var value = row.Value(column.Index);
        var unit = value.HasValue ? MeasureText.Unit(Period.Plan, measure) : "";
        return MeasureText.Value(Period.Plan, measure, value) + (unit.Length == 0 ? "" : " " + unit);
    }

    private static string Origin(MeasuredWindow row) =>
        $"{Figures.Count(row.Basic.Count)} events, from {Figures.Count(row.Parts)} {(row.Parts == 1 ? "row" : "rows")}"
        + (row.Sources.Count == 0 ? "" : $", newest: partition {row.Source.Partition}, checkpoint {Figures.Count(row.Version)}, generation {row.Source.Generation}")
        + (row.IsDamaged ? "; a stored state cannot be read" : "");

    private bool IsSort(string column) => View.Sort == column;

    private SortDirection Direction(string column) => View.Sort == column || (View.Sort == "Start" && column == "Window")
        ? (View.Ascending ? SortDirection.Ascending : SortDirection.Descending)
        : column == _keyTitle ? SortDirection.Ascending : SortDirection.Descending;

    /// <summary>A measure as a column.</summary>
    private sealed record MeasureColumn(int Index, string Title, GridSort<MeasuredWindow> Sort);
}
