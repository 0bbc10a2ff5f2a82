namespace Microsoft.AspNetCore.Components.QuickGrid.Infrastructure;

/// <summary>What a grid hands down to its columns.</summary>
/// <param name="Grid">The grid.</param>
/// <param name="ColumnsCollected">Invoked once, when the grid knows its columns for the first time.</param>
internal sealed record GridContext<TGridItem>(QuickGrid<TGridItem> Grid, EventCallback ColumnsCollected);
