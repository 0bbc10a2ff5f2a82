namespace Microsoft.AspNetCore.Components.QuickGrid;

/// <summary>The direction in which a column is sorted.</summary>
public enum SortDirection
{
    /// <summary>The column's own choice: its initial direction first, then the opposite of the current one.</summary>
    Auto,

    /// <summary>Smallest first.</summary>
    Ascending,

    /// <summary>Largest first.</summary>
    Descending,
}
