using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.QuickGrid;
using Streaming.Dashboard.Alerts;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Components.Alerts;

/// <summary>Alerts as a table to filter, sort and page; filters, order and page lie in the URL.</summary>
public sealed partial class AlertGrid
{
    private const int PageSize = 20;

    private static readonly GridSort<AlertRow> ByRank = GridSort<AlertRow>.ByAscending(r => r.IsFiring).ThenAscending(r => r.Rank);
    private static readonly GridSort<AlertRow> ByKey = GridSort<AlertRow>.ByAscending(r => r.Key);
    private static readonly GridSort<AlertRow> BySince = GridSort<AlertRow>.ByAscending(r => r.Since);

    private readonly PaginationState _pagination = new() { ItemsPerPage = PageSize };
    private readonly GridItemsProvider<AlertRow> _provider;
    private QuickGrid<AlertRow>? _grid;
    private List<AlertRow> _matching = [];
    private (ImmutableArray<AlertRow> Rows, ViewState? View) _shown;

    public AlertGrid() => _provider = request => ValueTask.FromResult(Provide(request));

    [CascadingParameter]
    private ViewState View { get; set; } = new();

    [CascadingParameter]
    private ViewerClock Clock { get; set; } = ViewerClock.Utc;

    /// <summary>Firing above those that are over, each newest first.</summary>
    [Parameter, EditorRequired]
    public ImmutableArray<AlertRow> Rows { get; set; } = [];

    protected override Task OnInitializedAsync() => _pagination.SetCurrentPageIndexAsync(View.Page - 1);

    protected override async Task OnParametersSetAsync()
    {
        var (rows, view) = _shown;
        if (rows == Rows && View.Equals(view))
        {
            return;
        }

        _shown = (Rows, View);
        _matching = [.. AlertTable.Matching(Rows, View)];
        if (view is not null && view.Page != View.Page && View.Page - 1 != _pagination.CurrentPageIndex)
        {
            await _pagination.SetCurrentPageIndexAsync(View.Page - 1);
        }
        else if (_grid is not null)
        {
            await _grid.RefreshDataAsync();
        }
    }

    /// <summary>Without a chosen column the order is the one in which the rows came. Sorting keeps it among equals.</summary>
    private GridItemsProviderResult<AlertRow> Provide(GridItemsProviderRequest<AlertRow> request)
    {
        // The first request's answer is made from its URL; only a live page may change the address.
        if (RendererInfo.IsInteractive)
        {
            var sort = request.SortByColumn?.Title;
            Navigator.Change(view => view with { Sort = sort ?? "Start", Ascending = sort is not null && request.SortByAscending, Page = _pagination.CurrentPageIndex + 1 });
        }

        IEnumerable<AlertRow> sorted = request.SortByColumn is null ? _matching : request.ApplySorting(_matching.AsQueryable());
        var page = sorted.Skip(request.StartIndex);
        return GridItemsProviderResult.From<AlertRow>([.. request.Count is { } count ? page.Take(count) : page], _matching.Count);
    }

    private void Find(ChangeEventArgs e) => Navigator.Change(view => view with { Find = e.Value?.ToString()?.Trim() is { Length: > 0 } find ? find : null, Page = 1 });

    private string Nothing() => Rows.IsEmpty
        ? View.IsLive ? "No rule has fired so far." : "No alert began between these times."
        : View.OnlyFiring && View.Find is null ? "Nothing fires." : "No alert matches.";

    private static string State(AlertRow row) => row.IsFiring ? (row.Severity.Length > 0 ? row.Severity : "firing") : row.ResolvedAt is null ? "ended" : "resolved";

    private static string Tag(AlertRow row) => !row.IsFiring ? "tag-good" : row.Rank == 2 ? "tag-bad" : row.Rank == 1 ? "tag-warn" : "tag-final";

    private static string Number(double? value) => value is { } number ? number.ToString("#,0.##", CultureInfo.InvariantCulture) : Figures.Unknown;

    private static string Utc(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private bool IsSort(string column) => View.Sort == column;

    private SortDirection Direction(string column) => View.Sort == column && View.Ascending || (View.Sort != column && column == "Where") ? SortDirection.Ascending : SortDirection.Descending;

    private static string Pressed(bool on) => on ? "true" : "false";
}
