namespace Microsoft.AspNetCore.Components.QuickGrid;

/// <summary>Buttons that turn the pages of a grid.</summary>
public partial class Paginator : IDisposable
{
    private IDisposable? _pageChanged;
    private IDisposable? _totalChanged;
    private PaginationState? _followed;

    /// <summary>The state shared with the grid.</summary>
    [Parameter, EditorRequired]
    public PaginationState State { get; set; } = default!;

    /// <summary>Takes the place of the "N items" summary.</summary>
    [Parameter]
    public RenderFragment? SummaryTemplate { get; set; }

    private bool CanGoBack => State.CurrentPageIndex > 0;

    private bool CanGoForwards => State.CurrentPageIndex < State.LastPageIndex;

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        if (ReferenceEquals(_followed, State))
        {
            return;
        }

        Dispose();
        _followed = State;

        // An EventCallback without a body still renders this component again.
        var refresh = EventCallback.Factory.Create<PaginationState>(this, () => { });
        _pageChanged = State.PageChanged.Add(refresh);
        _totalChanged = State.TotalChanged.Add(refresh);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _pageChanged?.Dispose();
        _totalChanged?.Dispose();
        GC.SuppressFinalize(this);
    }

    private Task GoFirstAsync() => GoToPageAsync(0);

    private Task GoPreviousAsync() => GoToPageAsync(State.CurrentPageIndex - 1);

    private Task GoNextAsync() => GoToPageAsync(State.CurrentPageIndex + 1);

    private Task GoLastAsync() => GoToPageAsync(State.LastPageIndex.GetValueOrDefault(0));

    private Task GoToPageAsync(int pageIndex) => State.SetCurrentPageIndexAsync(pageIndex);
}
