namespace Microsoft.AspNetCore.Components.QuickGrid;

/// <summary>One property of a sort order and its direction.</summary>
public readonly struct SortedProperty
{
    /// <summary>The property's path from the row, with dots.</summary>
    public required string PropertyName { get; init; }

    /// <summary>Ascending or descending.</summary>
    public SortDirection Direction { get; init; }
}
