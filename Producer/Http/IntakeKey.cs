using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Streaming.Contracts.Formats;
using Streaming.Producer.Records;

namespace Streaming.Producer.Http;

/// <summary>
/// Where a record's key comes from: the query's <c>key</c> or the header <c>Event-Key</c>, the same for all records of the request, or the query's <c>key-field</c>, a field
/// of each record's JSON. The query's <c>key-format</c> says how it is written.
/// </summary>
internal sealed class IntakeKey
{
    public const string Header = "Event-Key";

    private readonly byte[]? _fixed;
    private readonly string? _field;
    private readonly ValueFormat _format;

    private IntakeKey(byte[]? key, string? field, ValueFormat format) => (_fixed, _field, _format) = (key, field, format);

    /// <summary>What the request says.</summary>
    /// <param name="request">The request.</param>
    /// <param name="isNeeded">Whether the topic's records need a key.</param>
    /// <param name="kind">What the body is.</param>
    /// <exception cref="IntakeRefusal">No key where one is needed (422), or several, or none that could be (400).</exception>
    public static IntakeKey Of(HttpRequest request, bool isNeeded, BodyKind kind)
    {
        var given = new[] { request.Query["key"], request.Headers[Header], request.Query["key-field"] };
        if (given.Sum(values => values.Count) > 1)
        {
            throw IntakeRefusal.BadRequest($"The key is given more than once: key, key-field and the header {Header} exclude each other.");
        }

        var formatName = request.Query["key-format"].ToString();
        if (!ValueFormat.TryGet(formatName.Length == 0 ? "string" : formatName, out var format, out var problem))
        {
            throw IntakeRefusal.BadRequest($"key-format: {problem}.");
        }

        if (given[2].Count == 1)
        {
            return kind is BodyKind.Json or BodyKind.Ndjson
                ? new IntakeKey(null, given[2].ToString(), format)
                : throw IntakeRefusal.BadRequest("key-field looks into JSON; this is none. Use key.");
        }

        if (given[0].Count + given[1].Count == 0)
        {
            return isNeeded
                ? throw new IntakeRefusal(StatusCodes.Status422UnprocessableEntity, $"Records of this topic need a key: key or key-field in the query, or the header {Header}.")
                : new IntakeKey(null, null, format);
        }

        return format.TryParse((given[0].Count == 1 ? given[0] : given[1]).ToString(), out var key, out problem)
            ? new IntakeKey(key, null, format)
            : throw IntakeRefusal.BadRequest($"The key: {problem}.");
    }

    /// <summary>The key of a record.</summary>
    /// <param name="json">The record's value, well-formed when the key is a field of it.</param>
    /// <param name="key">The key, when the answer is true; null for a record without one.</param>
    /// <param name="problem">Why there is none, when the answer is false: a sentence without a full stop.</param>
    public bool TryTake(ReadOnlySpan<byte> json, out byte[]? key, [NotNullWhen(false)] out string? problem)
    {
        (key, problem) = (_fixed, null);
        if (_field is null)
        {
            return true;
        }

        if (json.TrimStart(" \t\r\n"u8) is not [(byte)'{', ..])
        {
            problem = "no JSON object, so it has no key field";
            return false;
        }

        var field = JsonFields.Find(json, _field);
        var text = field.Kind is JsonTokenType.True ? "true" : field.Kind is JsonTokenType.False ? "false" : field.Text;
        problem = text is null ? $"the key field {Shown.Text(_field)} is {field.Described}"
            : !_format.TryParse(text, out key, out var wrong) ? $"the key: {wrong}"
            : null;
        return problem is null;
    }
}
