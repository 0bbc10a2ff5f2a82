namespace Microsoft.AspNetCore.Components.QuickGrid;

/// <summary>Fetches the rows that a grid shows.</summary>
/// <typeparam name="TGridItem">The type of a row.</typeparam>
/// <param name="request">Which rows, in which order.</param>
public delegate ValueTask<GridItemsProviderResult<TGridItem>> GridItemsProvider<TGridItem>(GridItemsProviderRequest<TGridItem> request);
