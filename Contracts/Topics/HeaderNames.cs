namespace Streaming.Contracts;

/// <summary>Names of record headers. Values are UTF-8 text; numbers in decimal.</summary>
public static class HeaderNames
{
    /// <summary>W3C trace context (https://www.w3.org/TR/trace-context/), on sampled records only.</summary>
    public const string TraceParent = "traceparent";

    /// <summary>Why a record was put aside: a stable word such as <c>late</c> or <c>malformed</c>.</summary>
    public const string Reason = "streaming-reason";

    /// <summary>The reason in words for a person.</summary>
    public const string Error = "streaming-error";

    /// <summary>By how much an event was late, in milliseconds behind the moment at which its window closed.</summary>
    public const string LateByMs = "streaming-late-by-ms";

    /// <summary>The topic that the record was read from.</summary>
    public const string OriginTopic = "streaming-origin-topic";

    /// <summary>The partition that the record was read from.</summary>
    public const string OriginPartition = "streaming-origin-partition";

    /// <summary>The offset that the record was read at.</summary>
    public const string OriginOffset = "streaming-origin-offset";

    /// <summary>The pipeline that wrote the record.</summary>
    public const string Pipeline = "streaming-pipeline";

    /// <summary>The generation of the pipeline that wrote the record.</summary>
    public const string Generation = "streaming-generation";
}
