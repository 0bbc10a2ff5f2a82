using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.QuickGrid;
using Microsoft.AspNetCore.Components.Rendering;

namespace Streaming.Dashboard.Tests.Components;

/// <summary>What the pages need of QuickGrid, whichever of the package and its stand-in is there.</summary>
public class QuickGridTests
{
    private static readonly IQueryable<Row> Rows = Enumerable.Range(1, 25).Select(i => new Row($"n{i:00}", i % 7)).AsQueryable();

    [Fact]
    public async Task A_page_holds_its_rows_and_the_state_knows_the_total()
    {
        var pages = new PaginationState { ItemsPerPage = 10 };
        await pages.SetCurrentPageIndexAsync(2);

        var html = await GridAsync(pages);

        Assert.Equal((25, 2), (pages.TotalItemCount, pages.LastPageIndex));
        Assert.Contains("n21", html, StringComparison.Ordinal);
        Assert.DoesNotContain("n20", html, StringComparison.Ordinal);
        Assert.Equal(1 + 10, html.Split("<tr").Length - 1);
    }

    [Fact]
    public async Task A_page_beyond_the_last_becomes_the_last()
    {
        var pages = new PaginationState { ItemsPerPage = 10 };
        await pages.SetCurrentPageIndexAsync(99);

        await GridAsync(pages);

        Assert.Equal(2, pages.CurrentPageIndex);
    }

    [Fact]
    public async Task The_default_sort_column_orders_the_rows_and_is_marked()
    {
        var html = await GridAsync(new PaginationState { ItemsPerPage = 3 }, SortDirection.Descending);

        Assert.Contains("col-sort-desc", html, StringComparison.Ordinal);
        Assert.Contains("n06", html, StringComparison.Ordinal);
        Assert.DoesNotContain("n01", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sort_order_applies_its_keys_in_turn()
    {
        var request = new GridItemsProviderRequest<Row>
        {
            SortByColumn = new TemplateColumn<Row> { SortBy = GridSort<Row>.ByDescending(r => r.Size).ThenAscending(r => r.Name) },
            SortByAscending = true,
        };

        Assert.Equal(["n06", "n13", "n20", "n05"], request.ApplySorting(Rows).Take(4).Select(r => r.Name));
        Assert.Equal(
            [("Size", SortDirection.Descending), ("Name", SortDirection.Ascending)],
            request.GetSortByProperties().Select(p => (p.PropertyName, p.Direction)));
    }

    private static Task<string> GridAsync(PaginationState pages, SortDirection sort = SortDirection.Auto) => Markup.OfAsync<QuickGrid<Row>>(parameters:
    [
        ("Items", Rows),
        ("Pagination", pages),
        ("ChildContent", (RenderFragment)(builder =>
        {
            Column<string>(builder, r => r.Name, isDefault: false, sort);
            Column<int>(builder, r => r.Size, isDefault: sort != SortDirection.Auto, sort);
        })),
    ]);

    private static void Column<T>(RenderTreeBuilder builder, System.Linq.Expressions.Expression<Func<Row, T>> property, bool isDefault, SortDirection sort)
    {
        builder.OpenComponent<PropertyColumn<Row, T>>(0);
        builder.AddComponentParameter(1, "Property", property);
        builder.AddComponentParameter(2, "IsDefaultSortColumn", isDefault);
        builder.AddComponentParameter(3, "InitialSortDirection", sort);
        builder.CloseComponent();
    }

    private sealed record Row(string Name, int Size);
}
