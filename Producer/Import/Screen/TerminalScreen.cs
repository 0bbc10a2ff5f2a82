using Spectre.Console;

namespace Streaming.Producer.Import.Screen;

/// <summary>A bar on a terminal: share, bytes, bytes and records per second, time left. Of standard input the length is not known, so there is no bar.</summary>
public sealed class TerminalScreen(IAnsiConsole console) : IImportScreen
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);

    /// <inheritdoc/>
    public void Line(string text) => console.Write(new Text(text + Environment.NewLine));

    /// <inheritdoc/>
    public Task<T> DuringAsync<T>(Task<T> work, Func<ImportProgress> progress)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(progress);
        var isBounded = progress().Length is > 0;
        ProgressColumn[] columns = isBounded
            ? [new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }]
            : [new SpinnerColumn(), new ElapsedTimeColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }];
        return console.Progress().AutoClear(false).HideCompleted(false).Columns(columns).StartAsync(context => FollowAsync(context, work, progress));
    }

    private static async Task<T> FollowAsync<T>(ProgressContext context, Task<T> work, Func<ImportProgress> progress)
    {
        var task = context.AddTask(Words(progress()), maxValue: progress().Length is { } length and > 0 ? length : double.MaxValue);
        task.IsIndeterminate = progress().Length is not > 0;
        bool isRunning;
        do
        {
            isRunning = await Task.WhenAny(work, Task.Delay(Every)).ConfigureAwait(false) != work;
            var now = progress();
            task.Description = Words(now);
            task.Value = now.BytesRead;
        }
        while (isRunning);

        task.StopTask();
        return await work.ConfigureAwait(false);
    }

    // What a bar's columns show of the bytes stands in the words where there is no bar.
    private static string Words(ImportProgress progress) => progress.Length is > 0 ? ProgressText.Records(progress) : ProgressText.Of(progress);
}
