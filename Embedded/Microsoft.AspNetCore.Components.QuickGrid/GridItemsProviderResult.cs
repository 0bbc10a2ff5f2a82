namespace Microsoft.AspNetCore.Components.QuickGrid;

/// <summary>The rows that were fetched and how many there are in all.</summary>
/// <typeparam name="TGridItem">The type of a row.</typeparam>
public readonly struct GridItemsProviderResult<TGridItem>
{
    /// <summary>The rows.</summary>
    public required ICollection<TGridItem> Items { get; init; }

    /// <summary>How many rows there are in all, on every page.</summary>
    public int TotalItemCount { get; init; }
}

/// <summary>Makes results without naming the type of a row.</summary>
public static class GridItemsProviderResult
{
    /// <summary>A result of <paramref name="items"/> out of <paramref name="totalItemCount"/>.</summary>
    public static GridItemsProviderResult<TGridItem> From<TGridItem>(ICollection<TGridItem> items, int totalItemCount) =>
        new() { Items = items, TotalItemCount = totalItemCount };
}
