using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streaming.Contracts.Alerts;

/// <summary>
/// An alert began to fire or was resolved, as the topic <c>alerts</c> carries it (keyed by pipeline, rule and group key) and as it is posted to a webhook:
/// <c>{"id":"…","pipeline":"sales-by-store","generation":1,"rule":"silent-store","group_key":"zurich-1","transition":"firing",
/// "at":"2026-03-01T12:05:00+00:00","severity":"warning","window":"1m","window_start":"…","window_end":"…","value":null,"threshold":null,"message":"…"}</c>.
/// All times are event time, UTC.
/// </summary>
/// <param name="Id">
/// The same whenever and wherever this transition is told of, also by a replay: a receiver that has seen it has seen this. Of one alert, ids sort by time.
/// </param>
/// <param name="Pipeline">The pipeline whose rule it is.</param>
/// <param name="Generation">The generation of the pipeline that found it.</param>
/// <param name="Rule">The rule's name.</param>
/// <param name="GroupKey">Which group: the store, the device, ….</param>
/// <param name="Transition"><c>firing</c> or <c>resolved</c>.</param>
/// <param name="At">When: the end of the window that decided it.</param>
/// <param name="Severity"><c>info</c>, <c>warning</c> or <c>critical</c>.</param>
/// <param name="Window">The kind of windows that the rule judges.</param>
/// <param name="WindowStart">Start of the window that decided it.</param>
/// <param name="WindowEnd">End of the window that decided it.</param>
/// <param name="Value">What was judged; null for an absence, and for an alert that is over because its key was forgotten.</param>
/// <param name="Threshold">What it was held against; null where <paramref name="Value"/> is.</param>
/// <param name="Message">The transition in words for a person.</param>
public sealed record AlertEvent(
    string Id,
    string Pipeline,
    int Generation,
    string Rule,
    string GroupKey,
    string Transition,
    DateTimeOffset At,
    string Severity,
    string Window,
    DateTimeOffset WindowStart,
    DateTimeOffset WindowEnd,
    double? Value,
    double? Threshold,
    string Message);

/// <summary><see cref="AlertEvent"/> as JSON with names in snake_case.</summary>
public static class AlertEventJson
{
    /// <summary>The event's JSON as UTF-8 bytes.</summary>
    public static byte[] Encode(AlertEvent alert) => JsonSerializer.SerializeToUtf8Bytes(alert, AlertJson.Default.AlertEvent);

    /// <summary>Reads an event; members that it does not know are passed over.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static AlertEvent Decode(ReadOnlySpan<byte> value) =>
        JsonSerializer.Deserialize(value, AlertJson.Default.AlertEvent) ?? throw new JsonException("the value is null");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(AlertEvent))]
internal sealed partial class AlertJson : JsonSerializerContext;
