using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.QuickGrid;
using Streaming.Contracts.Measures;
using Streaming.Dashboard.Views;
using Streaming.Dashboard.Weather;

namespace Streaming.Dashboard.Components.Weather;

/// <summary>All cities, sorted and cut into pages on the server; chooses those on the charts.</summary>
public sealed partial class CityTable
{
    private static readonly GridSort<CityRow> ByCity = GridSort<CityRow>.ByAscending(row => row.City);
    private static readonly GridSort<CityRow> ByMessages = GridSort<CityRow>.ByAscending(row => row.Messages ?? -1);

    private readonly PaginationState _pagination = new() { ItemsPerPage = 12 };
    private readonly GridItemsProvider<CityRow> _provider;
    private QuickGrid<CityRow>? _grid;
    private MeasureCell<CityRow>[] _columns = [];
    private MeasurePlan? _plan;
    private WeatherModel? _shown;

    public CityTable() => _provider = request => ValueTask.FromResult(Provide(request));

    [CascadingParameter]
    private ViewerClock Clock { get; set; } = ViewerClock.Utc;

    [Parameter, EditorRequired]
    public WeatherModel Model { get; set; } = default!;

    protected override async Task OnParametersSetAsync()
    {
        var plan = Model.Weather.Period.Plan;
        if (!plan.Equals(_plan))
        {
            _plan = plan;
            _columns = MeasureCell<CityRow>.Of(
                plan, row => row.Newest, ("temperature_mean", "Temp."), ("humidity_mean", "Humidity"), ("pressure_mean", "Pressure"), ("wind_max", "Wind, max"));
        }

        var changed = !ReferenceEquals(_shown, Model);
        _shown = Model;
        if (changed && _grid is not null)
        {
            await _grid.RefreshDataAsync();
        }
    }

    private GridItemsProviderResult<CityRow> Provide(GridItemsProviderRequest<CityRow> request)
    {
        var rows = Model.Cities.ToList().AsQueryable();
        var sorted = request.SortByColumn is null ? rows.OrderBy(row => row.City, StringComparer.Ordinal) : (IOrderedQueryable<CityRow>)request.ApplySorting(rows);
        var page = sorted.ThenBy(row => row.City, StringComparer.Ordinal).Skip(request.StartIndex);
        return GridItemsProviderResult.From<CityRow>([.. request.Count is { } count ? page.Take(count) : page], Model.Cities.Length);
    }

    private bool IsChosen(CityRow row) => Model.Chosen.Contains(row.City);

    private void Toggle(CityRow row)
    {
        var chosen = IsChosen(row) ? Model.Chosen.Remove(row.City) : Model.Chosen.Add(row.City);
        Navigator.Change(view => view with { Picked = [.. chosen.Select(KeyText.Id)] });
    }

    private string Origin(CityRow row) => row.Newest is not { } window
        ? "No reading in the range"
        : $"{Clock.Span(window.Window.Start, window.Window.End, Time.GetUtcNow())}, {Figures.Count(window.Basic.Count)} readings, {(window.IsFinal ? "final" : "provisional")}";
}
