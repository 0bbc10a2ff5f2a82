using System.Collections.Immutable;
using System.Text.Json;
using Streaming.Cluster.Messages;
using Streaming.Cluster.Payloads;

namespace Streaming.Dashboard.Kafka;

/// <summary>Messages of one look into a topic.</summary>
public sealed record MessagePage(ImmutableArray<MessageRow> Messages, PeekEnd End)
{
    /// <summary>Reads the bytes of a look.</summary>
    public static async Task<MessagePage> ReadAsync(PeekResult result, PayloadReader payloads, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(payloads);
        var rows = new List<MessageRow>(result.Messages.Length);
        foreach (var message in result.Messages)
        {
            rows.Add(new MessageRow(
                message.Partition, message.Offset, message.Timestamp, message.IsAppendTime,
                await ShownAsync(message.Key, payloads, cancellationToken), await ShownAsync(message.Value, payloads, cancellationToken),
                [.. message.Headers.Select(header => (SafeText.OneLine(header.Name), header.Value is { } bytes ? SafeText.OneLine(PayloadReader.Found(bytes.Kept.Span, bytes.IsCut).Text) : null))]));
        }

        return new MessagePage([.. rows], result.End);
    }

    private static async Task<ShownPayload> ShownAsync(PeekedBytes? bytes, PayloadReader payloads, CancellationToken cancellationToken)
    {
        var read = await payloads.ReadAsync(bytes?.Kept, PayloadFormat.Auto, cancellationToken, bytes?.IsCut == true);
        return new ShownPayload(read.Kind, read.Text, bytes?.Size ?? 0, bytes?.IsCut == true, read.Note is { } note ? SafeText.OneLine(note) : null);
    }
}

/// <summary>A message as a page shows it.</summary>
public sealed record MessageRow(
    int Partition, long Offset, DateTimeOffset? Timestamp, bool IsAppendTime, ShownPayload Key, ShownPayload Value, ImmutableArray<(string Name, string? Value)> Headers)
{
    /// <summary>Where it is, unique in its topic.</summary>
    public (int Partition, long Offset) Id => (Partition, Offset);
}

/// <summary>A key or a value as text; the text is bounded, and made harmless by <see cref="Line"/> and <see cref="Pretty"/> only.</summary>
/// <param name="Size">Bytes in the record.</param>
/// <param name="IsCut">The text is only the beginning.</param>
public sealed record ShownPayload(PayloadKind Kind, string Text, int Size, bool IsCut, string? Note)
{
    private const int LongestPretty = 64 * 1024;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One line of at most so many characters.</summary>
    public string Line(int longest) => Kind switch
    {
        PayloadKind.Null => "null",
        PayloadKind.Empty => "(empty)",
        _ => SafeText.OneLine(Cut(Text, longest)) + (Text.Length > longest || IsCut ? "…" : ""),
    };

    /// <summary>The whole of what is known, JSON on several lines.</summary>
    public string Pretty()
    {
        var text = Kind is PayloadKind.Json or PayloadKind.Avro ? Spread(Text) : Text;
        return SafeText.Lines(Cut(text, LongestPretty)) + (text.Length > LongestPretty || IsCut ? "…" : "");
    }

    private static string Cut(string text, int longest) => text.Length <= longest ? text : text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];

    private static string Spread(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 512 });
            return JsonSerializer.Serialize(document.RootElement, Indented);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Nested deeper than a writer goes: one line is still readable.
            return json;
        }
    }
}
