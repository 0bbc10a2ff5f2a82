using Microsoft.AspNetCore.Components.QuickGrid.Infrastructure;

namespace Microsoft.AspNetCore.Components.QuickGrid;

/// <summary>Which page a grid shows; shared between the grid and its <see cref="Paginator"/>.</summary>
public class PaginationState
{
    /// <summary>How many rows a page holds.</summary>
    public int ItemsPerPage { get; set; } = 10;

    /// <summary>The zero-based index of the page shown; <see cref="SetCurrentPageIndexAsync(int)"/> changes it.</summary>
    public int CurrentPageIndex { get; private set; }

    /// <summary>How many rows there are on all pages; null until a grid has loaded.</summary>
    public int? TotalItemCount { get; private set; }

    /// <summary>The zero-based index of the last page; null until a grid has loaded.</summary>
    public int? LastPageIndex => (TotalItemCount - 1) / ItemsPerPage;

    /// <summary>Raised when <see cref="TotalItemCount"/> has changed.</summary>
    public event EventHandler<int?>? TotalItemCountChanged;

    internal PageListeners PageChanged { get; } = new();

    internal PageListeners TotalChanged { get; } = new();

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(ItemsPerPage, CurrentPageIndex, TotalItemCount);

    /// <summary>Turns to the page with the zero-based index <paramref name="pageIndex"/>; the grid then loads it.</summary>
    public Task SetCurrentPageIndexAsync(int pageIndex)
    {
        CurrentPageIndex = pageIndex;
        return PageChanged.InvokeAsync(this);
    }

    internal Task SetTotalItemCountAsync(int totalItemCount)
    {
        if (totalItemCount == TotalItemCount)
        {
            return Task.CompletedTask;
        }

        TotalItemCount = totalItemCount;
        if (CurrentPageIndex > 0 && CurrentPageIndex > LastPageIndex)
        {
            // The rows became fewer than the page needs: go to the last page that has some, and load that.
            return SetCurrentPageIndexAsync(LastPageIndex.Value);
        }

        TotalItemCountChanged?.Invoke(this, TotalItemCount);
        return TotalChanged.InvokeAsync(this);
    }
}
