using System.Text.Json;
using Streaming.Contracts.Formats;

namespace Streaming.Producer.Http;

/// <summary>A record of a batch.</summary>
/// <param name="Number">Its line, or its place in the array; counted from 1.</param>
/// <param name="Value">Its bytes, as they stand in the body.</param>
internal readonly record struct BatchItem(int Number, ReadOnlyMemory<byte> Value);

/// <summary>What is wrong with a record of a batch.</summary>
/// <param name="Item">Its line, or its place in the array; counted from 1.</param>
/// <param name="Problem">What is wrong: a sentence without a full stop.</param>
internal sealed record BatchProblem(int Item, string Problem);

/// <summary>Divides a body into records.</summary>
internal static class IntakeBatch
{
    /// <summary>The lines of NDJSON that are not empty, or the elements of a JSON array, unchecked.</summary>
    /// <exception cref="IntakeRefusal">The array is none: 400.</exception>
    public static List<BatchItem> Split(BodyKind kind, byte[] body) => kind == BodyKind.Ndjson ? Lines(body) : Elements(body);

    private static List<BatchItem> Lines(ReadOnlyMemory<byte> body)
    {
        List<BatchItem> items = [];
        for (var number = 1; !body.IsEmpty; number++)
        {
            var feed = body.Span.IndexOf((byte)'\n');
            var line = feed < 0 ? body : body[..feed];
            body = feed < 0 ? default : body[(feed + 1)..];
            line = line.Span is [.., (byte)'\r'] ? line[..^1] : line;
            if (line.Span.ContainsAnyExcept(" \t"u8))
            {
                items.Add(new BatchItem(number, line));
            }
        }

        return items;
    }

    private static List<BatchItem> Elements(ReadOnlyMemory<byte> body)
    {
        if (JsonCheck.Problem(body.Span) is { } problem)
        {
            throw IntakeRefusal.BadRequest($"The body is {problem}.");
        }

        var reader = new Utf8JsonReader(body.Span);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw IntakeRefusal.BadRequest("A batch in JSON is an array of events.");
        }

        List<BatchItem> items = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            items.Add(new BatchItem(items.Count + 1, body[start..(int)reader.BytesConsumed]));
        }

        return items;
    }
}
