using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Streaming.Contracts.Tracing;

namespace Streaming.Contracts.Kafka;

/// <summary>The header <c>traceparent</c> of a record, which sampled records carry.</summary>
internal static class TraceHeader
{
    /// <summary>The context of the record's creation; false for records that nobody traces. Costs nothing where there are no headers.</summary>
    public static bool TryRead(Headers? headers, out ActivityContext context)
    {
        context = default;
        return headers is { Count: > 0 } && headers.TryGetLastBytes(HeaderNames.TraceParent, out var bytes) && TraceParent.TryParse(bytes, out context);
    }

    /// <summary>The headers with this span as the context of the record's creation, in place of any other.</summary>
    public static Headers With(Headers? headers, Activity span)
    {
        var traced = new Headers();
        foreach (var header in headers ?? [])
        {
            if (header.Key != HeaderNames.TraceParent)
            {
                traced.Add(header.Key, header.GetValueBytes());
            }
        }

        traced.Add(HeaderNames.TraceParent, Encoding.ASCII.GetBytes(TraceParent.Format(span.Context)));
        return traced;
    }
}
