using System.ComponentModel;

namespace Microsoft.AspNetCore.Components.QuickGrid.Infrastructure;

/// <summary>Tells its grid once that all columns have been rendered, so that the first load knows the default sort order.</summary>
/// <typeparam name="TGridItem">The type of a row.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ColumnsCollectedNotifier<TGridItem> : IComponent
{
    private bool _isFirst = true;

    [CascadingParameter]
    internal GridContext<TGridItem> GridContext { get; set; } = default!;

    /// <inheritdoc />
    public void Attach(RenderHandle renderHandle)
    {
        // Renders nothing.
    }

    /// <inheritdoc />
    public Task SetParametersAsync(ParameterView parameters)
    {
        if (!_isFirst)
        {
            return Task.CompletedTask;
        }

        _isFirst = false;
        parameters.SetParameterProperties(this);
        return GridContext.ColumnsCollected.InvokeAsync();
    }
}
