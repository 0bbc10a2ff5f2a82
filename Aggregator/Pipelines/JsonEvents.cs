using System.Text.Json;

namespace Streaming.Aggregator.Pipelines;

/// <summary>
/// Decoders for JSON events of any type: convenient, at the price of an object for each record. A topic with more than some ten thousand events per second
/// deserves a decoder of its own, which reads the bytes (<c>StoreSaleJson</c> shows how).
/// </summary>
public static class JsonEvents
{
    private static readonly JsonSerializerOptions Snake = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>Reads events whose fields are in snake_case. A field that is missing, null against its type or of another type rejects the event.</summary>
    /// <param name="eventTime">When an event happened.</param>
    /// <param name="options">Other rules for JSON.</param>
    public static EventDecoder<TEvent> Of<TEvent>(Func<TEvent, DateTimeOffset> eventTime, JsonSerializerOptions? options = null)
        where TEvent : notnull
    {
        var rules = options ?? Snake;
        return (in RecordBytes record, out TEvent e, out long eventTimeMs) =>
        {
            (e, eventTimeMs) = (default!, 0);
            if (record.Value is not { Length: > 0 } value)
            {
                return Decoding.Rejected("no-value", "the record has no value (a tombstone)");
            }

            try
            {
                if (JsonSerializer.Deserialize<TEvent>(value, rules) is not { } decoded)
                {
                    return Decoding.Rejected("malformed", "the value is null");
                }

                e = decoded;
                eventTimeMs = eventTime(e).ToUnixTimeMilliseconds();
                return Decoding.Taken;
            }
            catch (JsonException exception)
            {
                return Decoding.Rejected("malformed", exception.Message);
            }
        };
    }
}
