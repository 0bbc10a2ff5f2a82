namespace Microsoft.AspNetCore.Components.QuickGrid.Infrastructure;

/// <summary>The callbacks that one <see cref="PaginationState"/> invokes, each awaited on its own component's dispatcher.</summary>
internal sealed class PageListeners
{
    private readonly List<EventCallback<PaginationState>> _callbacks = [];

    public IDisposable Add(EventCallback<PaginationState> callback)
    {
        _callbacks.Add(callback);
        return new Registration(this, callback);
    }

    public async Task InvokeAsync(PaginationState state)
    {
        foreach (var callback in _callbacks.ToArray())
        {
            await callback.InvokeAsync(state);
        }
    }

    private sealed class Registration(PageListeners owner, EventCallback<PaginationState> callback) : IDisposable
    {
        public void Dispose() => owner._callbacks.Remove(callback);
    }
}
