using System.Buffers.Binary;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Aspire.Hosting.Dashboard.Otlp;

/// <summary>Makes records of messages: small ones, whatever was sent. Strings that come again and again are kept once.</summary>
internal sealed class RecordReader
{
    private const int MaxParts = 64, MaxText = 4096, MaxKnownText = 256;
    private readonly Dictionary<string, string> _known = [];

    /// <summary>About how much memory the last record takes.</summary>
    public int Bytes { get; private set; }

    /// <summary>Null where it has no valid ids.</summary>
    public SpanRecord? Span(Source source, Span span)
    {
        Bytes = 300 + (32 * Math.Min(span.Links.Count, MaxParts));
        var key = Key(span.TraceId, span.SpanId);
        return key.TraceId == 0 || key.SpanId == 0 ? null : new SpanRecord(
            Known(source), key, Key(span.TraceId, span.ParentSpanId).SpanId, Text(span.Name), span.Kind, span.StartTimeUnixNano, Math.Max(span.StartTimeUnixNano, span.EndTimeUnixNano),
            span.Status?.Code == StatusCode.Error ? Text(span.Status.Message) : null, Tags(span.Attributes),
            [.. span.Events.Take(MaxParts).Select(one => new Happening(one.TimeUnixNano, Text(one.Name), Tags(one.Attributes)))],
            [.. span.Links.Take(MaxParts).Select(link => Key(link.TraceId, link.SpanId)).Where(link => link.TraceId != 0).Distinct()]);
    }

    public LogEntry Log(Source source, Scope? scope, LogRecord record)
    {
        Bytes = 150;
        var time = record.TimeUnixNano == 0 ? record.ObservedTimeUnixNano : record.TimeUnixNano;
        return new LogEntry(
            Known(source), Text(scope?.Name ?? ""), time, record.SeverityNumber, Text(Value(record.Body)), Key(record.TraceId, record.SpanId), Tags(record.Attributes));
    }

    public Point Point(Source source, Metric metric, RepeatedField<KeyValue> attributes, ulong time, double value)
    {
        Bytes = 400;
        var tags = string.Join(", ", Tags(attributes).OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}"));
        return new Point(new SeriesKey(Known(source), Text(metric.Name), Text(tags)), Text(metric.Unit), Text(metric.Description), time, value);
    }

    /// <summary>To be read once for all that comes of a resource, of whose attributes there may be very many: it is looked for among the first.</summary>
    public static Source SourceOf(Resource? resource) => new(Attribute(resource, "service.name") ?? "unknown", Attribute(resource, "service.instance.id") ?? "");

    private static string? Attribute(Resource? resource, string key) =>
        resource?.Attributes.Take(2 * MaxParts).FirstOrDefault(attribute => attribute.Key == key) is { } found ? Value(found.Value) : null;

    private Source Known(Source source) => new(Text(source.Name), Text(source.Instance));

    private Tag[] Tags(RepeatedField<KeyValue> attributes)
    {
        Bytes += 24 + (16 * Math.Min(attributes.Count, MaxParts));
        return [.. attributes.Take(MaxParts).Select(attribute => new Tag(Text(attribute.Key), Text(Value(attribute.Value))))];
    }

    private string Text(string text)
    {
        text = Cut(text);
        if (text.Length <= MaxKnownText && _known.TryGetValue(text, out var known))
        {
            return known;
        }

        Bytes += 24 + (2 * text.Length);
        if (_known.Count >= 8192)
        {
            _known.Clear(); // What is in use comes back at once.
        }

        return text.Length > MaxKnownText ? text : _known[text] = text;
    }

    /// <summary>16 and 8 bytes; of any other length it is no id, which is 0.</summary>
    private static SpanKey Key(ByteString trace, ByteString span) => new(
        trace.Length == 16 ? BinaryPrimitives.ReadUInt128BigEndian(trace.Span) : 0, span.Length == 8 ? BinaryPrimitives.ReadUInt64BigEndian(span.Span) : 0);

    /// <summary>A value as text. Cut at every level, so that what is nested deeply is not copied again and again.</summary>
    private static string Value(AnyValue? value, int depth = 0) => value?.ValueCase switch
    {
        _ when depth > 8 => "…",
        AnyValue.ValueOneofCase.StringValue => Cut(value.StringValue),
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue ? "true" : "false",
        AnyValue.ValueOneofCase.IntValue => value.IntValue.ToString(CultureInfo.InvariantCulture),
        AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue.ToString(CultureInfo.InvariantCulture),
        AnyValue.ValueOneofCase.BytesValue => Convert.ToHexStringLower(value.BytesValue.Span[..Math.Min(value.BytesValue.Length, MaxText / 2)]),
        AnyValue.ValueOneofCase.ArrayValue => Cut($"[{string.Join(", ", value.ArrayValue.Values.Take(MaxParts).Select(part => Value(part, depth + 1)))}]"),
        AnyValue.ValueOneofCase.KvlistValue =>
            Cut($"{{{string.Join(", ", value.KvlistValue.Values.Take(MaxParts).Select(part => $"{Cut(part.Key)}={Value(part.Value, depth + 1)}"))}}}"),
        _ => "",
    };

    private static string Cut(string text) => text.Length > MaxText ? string.Concat(text.AsSpan(0, MaxText), "…") : text;
}
