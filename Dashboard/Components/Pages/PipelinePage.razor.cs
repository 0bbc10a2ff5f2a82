using System.Data.Common;
using Microsoft.AspNetCore.Components;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Components.Pages;

/// <summary>The page of any pipeline, found by its name in the address.</summary>
public sealed partial class PipelinePage
{
    private bool _exists;
    private string? _asked;

    [CascadingParameter]
    private ViewState View { get; set; } = new();

    /// <summary>From the address.</summary>
    [Parameter]
    public string Name { get; set; } = "";

    // Another pipeline may come to the same component by a link.
    protected override async Task OnParametersSetAsync()
    {
        if (_asked == Name)
        {
            return;
        }

        _asked = Name;
        _exists = await ExistsAsync();
        if (!_exists)
        {
            Navigation.NotFound();
        }
    }

    /// <summary>While the database cannot be asked nobody knows: then the page says that, and not that there is no such pipeline.</summary>
    private async Task<bool> ExistsAsync()
    {
        if (Name.Length > 64 || Name.Contains('\0', StringComparison.Ordinal))
        {
            return false;
        }

        try
        {
            return await Reader.ExistsAsync(Name, CancellationToken.None);
        }
        catch (Exception e) when (e is DbException or TimeoutException or IOException)
        {
            LogUnknown(Logger, e, Name);
            return true;
        }
    }

    [LoggerMessage(3030, LogLevel.Warning, "Could not ask whether there is a pipeline {Name}")]
    private static partial void LogUnknown(ILogger logger, Exception exception, string name);
}
