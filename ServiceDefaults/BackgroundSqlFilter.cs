using System.Diagnostics;
using OpenTelemetry;

namespace Microsoft.Extensions.Hosting;

/// <summary>
/// Keeps SQL statements that belong to no trace out of the traces. What runs in the background (feeds that poll, leases that are renewed, retention) sends statements
/// many times a second whether anything happens or not; each would be a trace of one span, and there would be little else in a bounded store. A statement within a
/// checkpoint, a relayed batch or a request has a parent and is kept, and so is one that failed. All of them count in Npgsql's metrics.
/// </summary>
internal sealed class BackgroundSqlFilter : BaseProcessor<Activity>
{
    private const string Source = "Npgsql";

    // Blazor's connection is one request for as long as the page is open: it ends, and is exported, when the browser leaves, and its statements would be orphans until then.
    private const string CircuitPath = "/_blazor";

    // Runs before the exporter's processor, which passes over activities without the Recorded flag.
    public override void OnEnd(Activity data)
    {
        if (data.Source.Name == Source && data.Status != ActivityStatusCode.Error && BelongsToNothing(data))
        {
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }

    private static bool BelongsToNothing(Activity statement)
    {
        var top = statement;
        while (top.Parent is { } parent)
        {
            top = parent;
        }

        return top.Source.Name == Source ? top.ParentSpanId == default : top.GetTagItem("url.path") is CircuitPath;
    }
}
