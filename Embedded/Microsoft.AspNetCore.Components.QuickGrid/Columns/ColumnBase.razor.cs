using Microsoft.AspNetCore.Components.QuickGrid.Infrastructure;
using Microsoft.AspNetCore.Components.Rendering;

namespace Microsoft.AspNetCore.Components.QuickGrid;

/// <summary>A column of a <see cref="QuickGrid{TGridItem}"/>: its title, its sort order and how it writes a cell.</summary>
/// <typeparam name="TGridItem">The type of a row.</typeparam>
public abstract partial class ColumnBase<TGridItem>
{
    /// <summary>Takes the column's default header as its content.</summary>
    protected ColumnBase() => HeaderContent = RenderDefaultHeader;

    [CascadingParameter]
    internal GridContext<TGridItem> GridContext { get; set; } = default!;

    /// <summary>The column's title, shown in its header.</summary>
    [Parameter]
    public string? Title { get; set; }

    /// <summary>CSS classes of the header and of every cell.</summary>
    [Parameter]
    public string? Class { get; set; }

    /// <summary>Where the content stands inside the cells.</summary>
    [Parameter]
    public Align Align { get; set; }

    /// <summary>Takes the place of the default header.</summary>
    [Parameter]
    public RenderFragment<ColumnBase<TGridItem>>? HeaderTemplate { get; set; }

    /// <summary>Whether the column can be sorted; unset, it can when it has something to sort by.</summary>
    [Parameter]
    public bool? Sortable { get; set; }

    /// <summary>The order that sorting by this column gives.</summary>
    public abstract GridSort<TGridItem>? SortBy { get; set; }

    /// <summary>The direction of the first sort by this column.</summary>
    [Parameter]
    public SortDirection InitialSortDirection { get; set; }

    /// <summary>Whether the grid starts sorted by this column.</summary>
    [Parameter]
    public bool IsDefaultSortColumn { get; set; }

    /// <summary>The grid that this column belongs to.</summary>
    public QuickGrid<TGridItem> Grid => GridContext.Grid;

    /// <summary>What stands in the header.</summary>
    protected internal RenderFragment HeaderContent { get; protected set; }

    /// <summary>Writes the cell of <paramref name="item"/>.</summary>
    protected internal abstract void CellContent(RenderTreeBuilder builder, TGridItem item);

    /// <summary>Whether a column whose <see cref="Sortable"/> is unset can be sorted.</summary>
    protected virtual bool IsSortableByDefault() => false;
}
