using System.Diagnostics;
using System.Text;

namespace Streaming.Contracts.Tracing;

/// <summary>
/// The W3C trace context of a record or of a row, <c>00-{trace id}-{span id}-{flags}</c> (https://www.w3.org/TR/trace-context/#traceparent-header). Whatever else
/// stands in such a header is no context: it comes from outside.
/// </summary>
public static class TraceParent
{
    private const int Length = 55;
    private const int TraceIdStart = 3;
    private const int TraceIdLength = 32;

    /// <summary>The context that a header carries. False when it is none, or one that nobody records.</summary>
    public static bool TryParse(ReadOnlySpan<byte> header, out ActivityContext context)
    {
        context = default;
        return header.Length == Length && TryParse(Encoding.ASCII.GetString(header), out context);
    }

    /// <summary>The context that a row carries. False when it is none, or one that nobody records.</summary>
    public static bool TryParse(string? text, out ActivityContext context)
    {
        context = default;
        return text?.Length == Length
            && ActivityContext.TryParse(text, traceState: null, isRemote: true, out context)
            && context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded);
    }

    /// <summary>As text, for a header or a row.</summary>
    public static string Format(ActivityContext context) =>
        $"00-{context.TraceId.ToHexString()}-{context.SpanId.ToHexString()}-{(context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? "01" : "00")}";

    /// <summary>The trace's id, 32 lower-case hexadecimal digits; null where there is no context.</summary>
    public static string? TraceId(string? text) => TryParse(text, out _) ? text!.Substring(TraceIdStart, TraceIdLength) : null;
}
