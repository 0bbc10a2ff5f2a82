using System.Globalization;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Kafka;

/// <summary>Kafka's settings and sizes in words for people.</summary>
public static class TopicText
{
    /// <summary>What happens to old records: <c>deleted after 7 days</c>, <c>newest of each key</c>.</summary>
    public static string Keeping(string? cleanup, string? retentionMs) => cleanup switch
    {
        null => Figures.Unknown,
        "compact" => "newest of each key",
        _ => (cleanup.Contains("compact", StringComparison.Ordinal) ? "newest of each key, for " : "for ") + Retention(retentionMs),
    };

    /// <summary>A length of time in milliseconds, -1 for no bound.</summary>
    public static string Retention(string? retentionMs) => !long.TryParse(retentionMs, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ms) ? "an unknown time"
        : ms < 0 ? "ever"
        : ms >= TimeSpan.MaxValue.TotalMilliseconds / 2 ? "ever"
        : ms < 60_000 ? string.Create(CultureInfo.InvariantCulture, $"{ms / 1000.0:0.###} s")
        : Figures.Span(TimeSpan.FromMilliseconds(ms));

    /// <summary>A number of bytes.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.#} kB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB"),
    };
}
