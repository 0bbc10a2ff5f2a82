using Streaming.Dashboard.Alerts;
using Streaming.Dashboard.Feed;
using static Streaming.Dashboard.Tests.Samples;

namespace Streaming.Dashboard.Tests.Alerts;

/// <summary>Small pieces of alerts.</summary>
internal static class AlertSamples
{
    public static AlertRow Firing(string pipeline, string rule, string key, string severity = "warning", string message = "too much", int minute = 0) => new(
        pipeline, "The " + pipeline, rule, key, Minute(minute + 1), null, true, severity, message, new AlertWindow("1m", Minute(minute), Minute(minute + 1)), 7.5, 5);

    public static AlertRow Over(string pipeline, string rule, string key, int minute, int end) =>
        Firing(pipeline, rule, key, minute: minute) with { ResolvedAt = Minute(end), IsFiring = false };

    public static AlertsSnapshot Snapshot(params AlertRow[] rows) => new(new FeedHealth(FeedCondition.Live, Noon), rows.Count(r => r.IsFiring), [.. rows]);
}
