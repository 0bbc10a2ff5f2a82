using Microsoft.AspNetCore.Components.Rendering;

namespace Microsoft.AspNetCore.Components.QuickGrid;

/// <summary>A column whose cells are a template.</summary>
/// <typeparam name="TGridItem">The type of a row.</typeparam>
public class TemplateColumn<TGridItem> : ColumnBase<TGridItem>
{
    private static readonly RenderFragment<TGridItem> Empty = _ => _ => { };

    /// <summary>Writes the cell of a row.</summary>
    [Parameter]
    public RenderFragment<TGridItem> ChildContent { get; set; } = Empty;

    /// <inheritdoc />
    [Parameter]
    public override GridSort<TGridItem>? SortBy { get; set; }

    /// <inheritdoc />
    protected internal override void CellContent(RenderTreeBuilder builder, TGridItem item) => builder.AddContent(0, ChildContent(item));

    /// <inheritdoc />
    protected override bool IsSortableByDefault() => SortBy is not null;
}
