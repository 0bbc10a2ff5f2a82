using System.Diagnostics;
using Streaming.Aggregator.Telemetry;
using Streaming.Contracts.Tracing;

namespace Streaming.Aggregator.Alerts.Webhook;

/// <summary>
/// The span of one request to the webhook, linked to the checkpoint in which the alert changed (https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client).
/// It says no more of the address than logs may.
/// </summary>
internal static class WebhookSpan
{
    /// <summary>Begins it; null where the transition's checkpoint was not traced.</summary>
    public static Activity? Start(PendingDelivery delivery, string host) =>
        Spans.Source.HasListeners() && TraceParent.TryParse(delivery.TraceParent, out var cause)
            ? Spans.StartRoot("POST", ActivityKind.Client, Tags(delivery, host), [cause])
            : null;

    /// <summary>Notes the answer.</summary>
    public static void Answered(Activity? span, WebhookAnswer answer)
    {
        if (answer.Error is { } error)
        {
            span?.Fail(answer.Status is { } status ? $"{status}" : "no_answer", error);
        }

        span?.SetTag("http.response.status_code", answer.Status);
    }

    private static IEnumerable<KeyValuePair<string, object?>> Tags(PendingDelivery delivery, string host)
    {
        var address = new Uri(host);
        yield return new("http.request.method", "POST");
        yield return new("server.address", address.Host);
        yield return new("server.port", address.Port);
        if (delivery.Attempts > 1)
        {
            yield return new("http.request.resend_count", delivery.Attempts - 1);
        }
    }
}
