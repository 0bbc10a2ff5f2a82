using Streaming.Contracts.Pipelines;
using Streaming.Contracts.Windows;

namespace Streaming.Dashboard.Pipelines;

/// <summary>What the pages need to know of a kind of windows.</summary>
public static class WindowKinds
{
    /// <summary>The most windows of a live view.</summary>
    public const int MostLive = 60;

    /// <summary>The kind of this name; the pipeline's first when there is none.</summary>
    public static WindowSpec Choose(this PipelineDescription description, string? name) => description.Windows.FirstOrDefault(w => w.Name == name) ?? description.Windows[0];

    /// <summary>The time from one window to the next; of sessions, the length of the slots that they are shown in.</summary>
    public static TimeSpan Period(this WindowSpec spec) => spec switch
    {
        TumblingWindows w => w.Size,
        HoppingWindows w => w.Hop,
        CumulativeWindows w => w.Step,
        CalendarDays => TimeSpan.FromDays(1),
        _ => TimeSpan.FromMinutes(1),
    };

    /// <summary>How far back from the newest event the rows of a live view start.</summary>
    public static TimeSpan Horizon(this WindowSpec spec) => (spec.Period() * (MostLive + 2)) + spec switch
    {
        HoppingWindows w => w.Size,
        CumulativeWindows w => w.Size,
        SessionWindows => TimeSpan.FromHours(1),
        _ => TimeSpan.Zero,
    };

    /// <summary>Where the columns of a chart lie: the windows themselves; of sessions, minutes by their start.</summary>
    public static WindowGrid Columns(this WindowSpec spec) => WindowGrid.Of(spec is SessionWindows ? WindowSpecs.Tumbling(spec.Period()) : spec);

    /// <summary>In words: <c>15 min, every 1 min</c>.</summary>
    public static string Words(this WindowSpec spec) => spec switch
    {
        TumblingWindows w => WindowSpecs.Word(w.Size),
        HoppingWindows w => $"{WindowSpecs.Word(w.Size)} every {WindowSpecs.Word(w.Hop)}",
        CumulativeWindows w => $"{WindowSpecs.Word(w.Size)} so far, by {WindowSpecs.Word(w.Step)}",
        SessionWindows w => $"Sessions, {WindowSpecs.Word(w.Gap)} gap",
        CalendarDays w => $"Days in {w.TimeZone}",
        _ => spec.Name,
    };
}
