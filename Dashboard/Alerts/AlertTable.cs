using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Alerts;

/// <summary>What of the alerts a view asks for, and where its links lead. Pure.</summary>
public static class AlertTable
{
    /// <summary>The rows that the view's filters leave.</summary>
    public static IEnumerable<AlertRow> Matching(IEnumerable<AlertRow> rows, ViewState view) => rows.Where(row =>
        (!view.OnlyFiring || row.IsFiring)
        && (view.Find is not { } find || new[] { row.Key, row.Rule, row.Message, row.Pipeline, row.PipelineTitle }.Any(text => text.Contains(find, StringComparison.OrdinalIgnoreCase))));

    /// <summary>The pipeline's page at the window that decided, with some windows around it.</summary>
    public static string? Link(AlertRow row)
    {
        if (row.Window is not { } window)
        {
            return null;
        }

        var around = Smaller((window.End - window.Start) * 10, TimeSpan.FromDays(10));
        var view = new ViewState
        {
            From = Minute(window.Start - around),
            To = Minute(window.End + around + TimeSpan.FromMinutes(1)),
            Window = window.Name,
            Find = row.Key.Length is > 0 and <= 100 ? row.Key : null,
        };
        return $"pipelines/{Uri.EscapeDataString(row.Pipeline)}{view.ToQuery()}";
    }

    private static TimeSpan Smaller(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static DateTimeOffset Minute(DateTimeOffset instant) => new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
}
