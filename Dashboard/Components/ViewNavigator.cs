using Microsoft.AspNetCore.Components;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Components;

/// <summary>The view's state in the address bar: reads it from there and writes it there.</summary>
public sealed class ViewNavigator(NavigationManager navigation)
{
    /// <summary>What the address says now.</summary>
    public ViewState Current => ViewState.Parse(navigation.ToAbsoluteUri(navigation.Uri).Query);

    /// <summary>Goes to a changed view. A <paramref name="replace"/>d one leaves no entry in the browser's history.</summary>
    public void Change(Func<ViewState, ViewState> change, bool replace = true)
    {
        ArgumentNullException.ThrowIfNull(change);
        var view = Current;
        var changed = change(view);
        if (!changed.Equals(view))
        {
            var page = navigation.ToAbsoluteUri(navigation.Uri).AbsolutePath;
            navigation.NavigateTo(page + changed.ToQuery(), replace: replace);
        }
    }
}
