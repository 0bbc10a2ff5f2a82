using Microsoft.AspNetCore.Components;
using Streaming.Contracts.Pipelines;
using Streaming.Contracts.Windows;
using Streaming.Dashboard.Pipelines;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Components.Pipelines;

/// <summary>The windows of a pipeline in the chosen range: the newest out of the snapshot, past ones read from the database.</summary>
public sealed partial class PipelineRange
{
    private PastLoad<(DateTimeOffset From, DateTimeOffset To, string? Window, int Generation), PipelinePeriod?> _past = default!;

    [CascadingParameter]
    private ViewState View { get; set; } = new();

    [Parameter, EditorRequired]
    public string Name { get; set; } = "";

    [Parameter, EditorRequired]
    public PipelineSnapshot Snapshot { get; set; } = PipelineSnapshot.Empty;

    [Parameter, EditorRequired]
    public PipelineDescription Description { get; set; } = default!;

    private WindowSpec Spec => Description.Choose(View.Window);

    private PipelinePeriod? Period => View.IsLive ? Snapshot.Live(View.Last) : _past.Value;

    public void Dispose() => _past.Dispose();

    protected override void OnInitialized() => _past = new(
        (wanted, stop) => Past.ReadAsync(Name, wanted.Window, wanted.From, wanted.To, stop),
        (e, wanted) => LogFailed(Logger, e, Name, wanted.From, wanted.To));

    protected override Task OnParametersSetAsync()
    {
        if (!View.IsLive)
        {
            return _past.WantAsync((View.From!.Value, View.To!.Value, View.Window, Snapshot.Info?.Generation ?? 0));
        }

        _past.Forget();
        return Task.CompletedTask;
    }

    // What is named after the windows that were shown would mean something else with others.
    private void Choose(WindowSpec window) =>
        Navigator.Change(view => view with { Window = window == Description.Windows[0] ? null : window.Name, Page = 1 }, replace: false);

    private void Find(ChangeEventArgs e) => Navigator.Change(view => view with { Find = e.Value?.ToString()?.Trim() is { Length: > 0 } find ? find : null, Page = 1 });

    private static string Pressed(bool on) => on ? "true" : "false";

    [LoggerMessage(3031, LogLevel.Warning, "Could not read the windows of {Pipeline} from {From} to {To}")]
    private static partial void LogFailed(ILogger logger, Exception exception, string pipeline, DateTimeOffset from, DateTimeOffset to);
}
