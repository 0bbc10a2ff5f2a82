using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Streaming.Aggregator.Outbox;
using Streaming.Contracts;
using Streaming.Contracts.Tracing;

namespace Streaming.Aggregator.Checkpoints;

/// <summary>The trace context among the headers of an outbox row: the checkpoint that made a record is the context of its creation. A record that was only put aside keeps its own.</summary>
internal static class OutboxTrace
{
    private static readonly byte[] s_name = Encoding.UTF8.GetBytes(HeaderNames.TraceParent);

    /// <summary>The header alone, as <see cref="HeaderCodec"/> writes it.</summary>
    public static byte[] Encode(string traceParent) => HeaderCodec.Encode(new Headers { { HeaderNames.TraceParent, Encoding.ASCII.GetBytes(traceParent) } })!;

    /// <summary>The headers of a record that the checkpoint made, with the context in addition. Rows without other headers share its bytes.</summary>
    public static byte[]? Added(byte[]? headers, byte[]? trace) =>
        trace is null ? headers
        : headers is null ? trace
        : [.. headers, .. trace];

    /// <summary>The context of a row's headers.</summary>
    public static bool TryRead(byte[]? headers, out ActivityContext context)
    {
        context = default;
        if (headers is null || headers.AsSpan().IndexOf(s_name) < 0)
        {
            return false;
        }

        return HeaderCodec.Decode(headers).TryGetLastBytes(HeaderNames.TraceParent, out var bytes) && TraceParent.TryParse(bytes, out context);
    }
}
