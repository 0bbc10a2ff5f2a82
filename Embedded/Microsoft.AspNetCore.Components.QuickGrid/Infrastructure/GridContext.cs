namespace Microsoft.AspNetCore.Components.QuickGrid.Infrastructure;

/// <summary>What a grid hands down to its columns.</summary>
internal sealed record GridContext<TGridItem>(QuickGrid<TGridItem> Grid);
