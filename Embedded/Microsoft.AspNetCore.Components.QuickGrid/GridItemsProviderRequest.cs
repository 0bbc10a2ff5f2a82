namespace Microsoft.AspNetCore.Components.QuickGrid;

/// <summary>Which rows a grid wants, in which order.</summary>
/// <typeparam name="TGridItem">The type of a row.</typeparam>
public readonly struct GridItemsProviderRequest<TGridItem>
{
    /// <summary>The zero-based index of the first row.</summary>
    public int StartIndex { get; init; }

    /// <summary>How many rows at most; null for all that remain.</summary>
    public int? Count { get; init; }

    /// <summary>The column to sort by, if any.</summary>
    public ColumnBase<TGridItem>? SortByColumn { get; init; }

    /// <summary>Whether the order is ascending.</summary>
    public bool SortByAscending { get; init; }

    /// <summary>Signalled when the request has become pointless.</summary>
    public CancellationToken CancellationToken { get; init; }

    internal GridItemsProviderRequest(int startIndex, int? count, ColumnBase<TGridItem>? sortByColumn, bool sortByAscending, CancellationToken cancellationToken)
    {
        StartIndex = startIndex;
        Count = count;
        SortByColumn = sortByColumn;
        SortByAscending = sortByAscending;
        CancellationToken = cancellationToken;
    }

    /// <summary><paramref name="source"/> in the wanted order.</summary>
    public IQueryable<TGridItem> ApplySorting(IQueryable<TGridItem> source) => SortByColumn?.SortBy is { } order ? order.Apply(source, SortByAscending) : source;

    /// <summary>The wanted order as names of properties.</summary>
    public IReadOnlyCollection<SortedProperty> GetSortByProperties() => SortByColumn?.SortBy?.ToPropertyList(SortByAscending) ?? [];
}
