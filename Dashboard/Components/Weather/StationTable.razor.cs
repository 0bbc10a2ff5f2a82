using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.QuickGrid;
using Streaming.Contracts.Measures;
using Streaming.Dashboard.Pipelines;
using Streaming.Dashboard.Views;
using Streaming.Dashboard.Weather;

namespace Streaming.Dashboard.Components.Weather;

/// <summary>All stations with what they reported last, sorted and cut into pages on the server.</summary>
public sealed partial class StationTable
{
    private static readonly GridSort<StationRow> ByStation = GridSort<StationRow>.ByAscending(row => row.Station);
    private static readonly GridSort<StationRow> ByCount = GridSort<StationRow>.ByAscending(row => row.Newest.Basic.Count);
    private static readonly GridSort<StationRow> ByTime = GridSort<StationRow>.ByAscending(row => row.Newest.Window.EndMs);
    private static readonly GridSort<StationRow> ByState = GridSort<StationRow>.ByAscending(row => row.State);

    private readonly PaginationState _pagination = new() { ItemsPerPage = 15 };
    private readonly GridItemsProvider<StationRow> _provider;
    private QuickGrid<StationRow>? _grid;
    private MeasureCell<StationRow>[] _columns = [];
    private MeasurePlan? _plan;
    private ImmutableArray<StationRow> _shown = [];

    public StationTable() => _provider = request => ValueTask.FromResult(Provide(request));

    [CascadingParameter]
    private ViewerClock Clock { get; set; } = ViewerClock.Utc;

    [Parameter, EditorRequired]
    public ImmutableArray<StationRow> Rows { get; set; } = [];

    /// <summary>The windows that the rows are of; null while nothing is known of stations.</summary>
    [Parameter, EditorRequired]
    public PipelinePeriod? Period { get; set; }

    [Parameter]
    public bool IsLive { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        if (Period?.Plan is { } plan && !plan.Equals(_plan))
        {
            _plan = plan;
            _columns = MeasureCell<StationRow>.Of(
                plan, row => row.Newest,
                ("temperature_last", "Temp."), ("humidity_last", "Humidity"), ("pressure_last", "Pressure"), ("wind_last", "Wind"), ("wind_max", "Wind, max"));
        }

        var changed = _shown != Rows;
        _shown = Rows;
        if (changed && _grid is not null)
        {
            await _grid.RefreshDataAsync();
        }
    }

    private GridItemsProviderResult<StationRow> Provide(GridItemsProviderRequest<StationRow> request)
    {
        var rows = Rows.ToList().AsQueryable();
        var sorted = request.SortByColumn is null ? rows.OrderBy(row => row.Station, StringComparer.Ordinal) : (IOrderedQueryable<StationRow>)request.ApplySorting(rows);
        var page = sorted.ThenBy(row => row.Station, StringComparer.Ordinal).Skip(request.StartIndex);
        return GridItemsProviderResult.From<StationRow>([.. request.Count is { } count ? page.Take(count) : page], Rows.Length);
    }

    private static string Tag(StationRow row) => row.State switch
    {
        StationState.Alert => row.Alerts.Any(alert => alert.Severity == "critical") ? "tag-bad" : "tag-warn",
        StationState.Silent => "tag-warn",
        _ => "tag-good",
    };

    private static string Words(StationRow row) => row.State switch
    {
        StationState.Alert => string.Join(", ", row.Alerts.Select(alert => alert.Rule.Replace('-', ' '))),
        StationState.Silent => "silent",
        _ => "reporting",
    };
}
