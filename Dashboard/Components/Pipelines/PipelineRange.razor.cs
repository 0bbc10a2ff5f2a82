using System.Data.Common;
using Microsoft.AspNetCore.Components;
using Streaming.Contracts.Pipelines;
using Streaming.Contracts.Windows;
using Streaming.Dashboard.Pipelines;
using Streaming.Dashboard.Queries;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Components.Pipelines;

/// <summary>The windows of a pipeline in the chosen range: the newest out of the snapshot, past ones read from the database.</summary>
public sealed partial class PipelineRange
{
    private CancellationTokenSource? _load;
    private (DateTimeOffset? From, DateTimeOffset? To, string? Window, int Generation)? _loaded;
    private PipelinePeriod? _past;
    private string? _problem;
    private bool _loading;

    [CascadingParameter]
    private ViewState View { get; set; } = new();

    [Parameter, EditorRequired]
    public string Name { get; set; } = "";

    [Parameter, EditorRequired]
    public PipelineSnapshot Snapshot { get; set; } = PipelineSnapshot.Empty;

    [Parameter, EditorRequired]
    public PipelineDescription Description { get; set; } = default!;

    private WindowSpec Spec => Description.Choose(View.Window);

    private PipelinePeriod? Period => View.IsLive ? Snapshot.Live(View.Last) : _past;

    public void Dispose()
    {
        _load?.Cancel();
        _load?.Dispose();
    }

    protected override Task OnParametersSetAsync()
    {
        if (View.IsLive)
        {
            (_loaded, _past, _problem, _loading) = (null, null, null, false);
            return Task.CompletedTask;
        }

        return Wanted() == _loaded ? Task.CompletedTask : LoadPastAsync();
    }

    private (DateTimeOffset?, DateTimeOffset?, string?, int) Wanted() => (View.From, View.To, View.Window, Snapshot.Info?.Generation ?? 0);

    private async Task LoadPastAsync()
    {
        if (_load is not null)
        {
            await _load.CancelAsync();
            _load.Dispose();
        }

        var load = _load = new CancellationTokenSource();
        var (from, to) = (View.From!.Value, View.To!.Value);
        (_loaded, _problem, _loading) = (Wanted(), null, true);
        try
        {
            _past = await Past.ReadAsync(Name, View.Window, from, to, load.Token);
            _loading = load != _load;
        }
        catch (OperationCanceledException) when (load.IsCancellationRequested)
        {
            // A newer range is wanted, or the page is gone.
        }
        catch (Exception e) when (e is RangeTooLargeException or DbException)
        {
            LogFailed(Logger, e, Name, from, to);
            _loading = false;
            _problem = e is RangeTooLargeException ? e.Message : "The database did not answer. The live view goes on as soon as it is back.";
        }
    }

    // What is named after the windows that were shown would mean something else with others.
    private void Choose(WindowSpec window) =>
        Navigator.Change(view => view with { Window = window == Description.Windows[0] ? null : window.Name, Page = 1 }, replace: false);

    private void Find(ChangeEventArgs e) => Navigator.Change(view => view with { Find = e.Value?.ToString()?.Trim() is { Length: > 0 } find ? find : null, Page = 1 });

    private static string Pressed(bool on) => on ? "true" : "false";

    [LoggerMessage(3031, LogLevel.Warning, "Could not read the windows of {Pipeline} from {From} to {To}")]
    private static partial void LogFailed(ILogger logger, Exception exception, string pipeline, DateTimeOffset from, DateTimeOffset to);
}
