using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Confluent.Kafka;
using Streaming.Cluster.Payloads;

namespace Streaming.Topics.Consuming;

/// <summary>Prints records, one line each: fields with tabs between them, or JSON. What is in a record reaches the terminal as text and never as a command to it.</summary>
internal sealed class RecordPrinter(TextWriter output, PayloadReader reader, ConsumePlan plan, PrintedFields fields, bool asJson)
{
    private const string Null = "null";

    // Escapes all but ASCII letters and the like, so that a terminal shows it safely.
    private static readonly JsonWriterOptions Safe = new() { Encoder = JavaScriptEncoder.Default, MaxDepth = 512 };

    public async ValueTask PrintAsync(ConsumeResult<byte[]?, byte[]?> record, CancellationToken cancellationToken)
    {
        var key = await ReadAsync(record.Message.Key, plan.KeyFormat, cancellationToken).ConfigureAwait(false);
        var value = await ReadAsync(record.Message.Value, plan.ValueFormat, cancellationToken).ConfigureAwait(false);
        output.WriteLine(asJson ? Json(record, key, value) : Line(record, key, value));
    }

    private ValueTask<PayloadText> ReadAsync(byte[]? bytes, PayloadFormat format, CancellationToken cancellationToken) =>
        reader.ReadAsync(bytes is null ? (ReadOnlyMemory<byte>?)null : bytes, format, cancellationToken);

    private string Line(ConsumeResult<byte[]?, byte[]?> record, PayloadText key, PayloadText value)
    {
        var line = new StringBuilder();
        void Add(PrintedFields field, string text)
        {
            if (fields.HasFlag(field))
            {
                line.Append(text).Append('\t');
            }
        }

        Add(PrintedFields.Timestamp, Time(record.Message.Timestamp) ?? "-");
        Add(PrintedFields.Partition, record.Partition.Value.ToString(CultureInfo.InvariantCulture));
        Add(PrintedFields.Offset, record.Offset.Value.ToString(CultureInfo.InvariantCulture));
        Add(PrintedFields.Headers, fields.HasFlag(PrintedFields.Headers) ? Headers(record.Message.Headers) : "");
        Add(PrintedFields.Key, Shown(key));
        return line.Append(Shown(value)).ToString();
    }

    private static string Headers(Headers? headers) => headers is null or { Count: 0 } ? "-"
        : string.Join(',', headers.Select(header => SafeText.OneLine(header.Key) + ":" + (header.GetValueBytes() is { } bytes ? SafeText.OneLine(PayloadReader.Found(bytes).Text) : Null)));

    private static string Shown(PayloadText payload) => payload.Kind == PayloadKind.Null ? Null : SafeText.OneLine(payload.Text);

    private static string? Time(Timestamp timestamp) =>
        timestamp.Type == TimestampType.NotAvailable ? null : timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Json(ConsumeResult<byte[]?, byte[]?> record, PayloadText key, PayloadText value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Safe))
        {
            json.WriteStartObject();
            json.WriteString("topic", record.Topic);
            json.WriteNumber("partition", record.Partition.Value);
            json.WriteNumber("offset", record.Offset.Value);
            json.WriteString("timestamp", Time(record.Message.Timestamp));
            json.WriteString("timestampType", record.Message.Timestamp.Type == TimestampType.LogAppendTime ? "append" : "create");
            json.WriteStartArray("headers");
            foreach (var header in record.Message.Headers ?? [])
            {
                json.WriteStartObject();
                json.WriteString("name", header.Key);
                json.WriteString("value", header.GetValueBytes() is { } bytes ? PayloadReader.Found(bytes).Text : null);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            Write(json, "key", key);
            Write(json, "value", value);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>JSON as itself, everything else as a text; and how it was read where that is not plain.</summary>
    private static void Write(Utf8JsonWriter json, string name, PayloadText payload)
    {
        json.WritePropertyName(name);
        if (payload.Kind == PayloadKind.Null)
        {
            json.WriteNullValue();
        }
        else if (payload.IsJson)
        {
            using var document = JsonDocument.Parse(payload.Text, new JsonDocumentOptions { MaxDepth = 512 });
            document.RootElement.WriteTo(json);
        }
        else
        {
            json.WriteStringValue(payload.Text);
        }

        if (payload.Kind is PayloadKind.Hex or PayloadKind.Avro)
        {
            json.WriteString(name + "Read", payload.Kind == PayloadKind.Hex ? "hex" : "avro");
        }

        if (payload.Note is { } note)
        {
            json.WriteString(name + "Note", note);
        }
    }
}
