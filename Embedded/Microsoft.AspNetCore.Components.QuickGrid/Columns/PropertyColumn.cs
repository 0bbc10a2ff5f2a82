using System.Linq.Expressions;
using Microsoft.AspNetCore.Components.QuickGrid.Infrastructure;
using Microsoft.AspNetCore.Components.Rendering;

namespace Microsoft.AspNetCore.Components.QuickGrid;

/// <summary>A column that shows one property of a row and sorts by it.</summary>
/// <typeparam name="TGridItem">The type of a row.</typeparam>
/// <typeparam name="TProp">The property's type.</typeparam>
public class PropertyColumn<TGridItem, TProp> : ColumnBase<TGridItem>
{
    private Expression<Func<TGridItem, TProp>>? _shown;
    private Func<TGridItem, string?> _text = _ => null;
    private GridSort<TGridItem>? _sortBy;

    /// <summary>The property.</summary>
    [Parameter, EditorRequired]
    public Expression<Func<TGridItem, TProp>> Property { get; set; } = default!;

    /// <summary>A format string, for properties whose type is <see cref="IFormattable"/>.</summary>
    [Parameter]
    public string? Format { get; set; }

    /// <inheritdoc />
    public override GridSort<TGridItem>? SortBy
    {
        get => _sortBy;
        set => throw new NotSupportedException($"PropertyColumn generates this member internally. For custom sorting rules, see '{typeof(TemplateColumn<TGridItem>)}'.");
    }

    /// <inheritdoc />
    protected override bool IsSortableByDefault() => _sortBy is not null;

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        if (_shown == Property)
        {
            return;
        }

        _shown = Property;
        _text = TextOf(Property.Compile());
        _sortBy = GridSort<TGridItem>.ByAscending(Property);
        if (Title is null && Property.Body is MemberExpression)
        {
            Title = PropertyPath.Of(Property).Split('.')[^1];
        }
    }

    /// <inheritdoc />
    protected internal override void CellContent(RenderTreeBuilder builder, TGridItem item) => builder.AddContent(0, _text(item));

    private Func<TGridItem, string?> TextOf(Func<TGridItem, TProp> value)
    {
        if (string.IsNullOrEmpty(Format))
        {
            return item => value(item)?.ToString();
        }

        var type = Nullable.GetUnderlyingType(typeof(TProp)) ?? typeof(TProp);
        return typeof(IFormattable).IsAssignableFrom(type)
            ? item => ((IFormattable?)value(item))?.ToString(Format, null)
            : throw new InvalidOperationException($"A '{nameof(Format)}' parameter was supplied, but the type '{typeof(TProp)}' does not implement '{typeof(IFormattable)}'.");
    }
}
