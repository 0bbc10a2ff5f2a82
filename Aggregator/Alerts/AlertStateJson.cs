using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streaming.Aggregator.Alerts;

/// <summary>A stored state is none: the database contradicts what must hold.</summary>
public sealed class AlertStateException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>
/// A key's state as JSON: <c>{"judged":1772366700000,"seen":1772366700000,"since":1772366640000,"values":[12.5,13]}</c>; <c>since</c> and <c>values</c>
/// only where there are any. Whether it fires has a column of its own. Doubles come back as they were.
/// </summary>
internal static partial class AlertStateJson
{
    public static string Encode(KeyState state) =>
        JsonSerializer.Serialize(new Text(state.JudgedMs, state.SeenMs, state.HoldsSinceMs, state.Baseline?.Values.ToArray()), StateJson.Default.Text);

    /// <exception cref="AlertStateException">The text is no state.</exception>
    public static KeyState Decode(string json, bool isFiring, int baselineSize)
    {
        try
        {
            var text = JsonSerializer.Deserialize(json, StateJson.Default.Text) ?? throw new JsonException("null");
            return new KeyState
            {
                JudgedMs = text.Judged,
                SeenMs = text.Seen,
                HoldsSinceMs = text.Since,
                IsFiring = isFiring,
                Baseline = baselineSize > 0 ? new Baseline(baselineSize, text.Values ?? []) : null,
            };
        }
        catch (JsonException e)
        {
            throw new AlertStateException($"The stored state of an alert is none: {e.Message}", e);
        }
    }

    internal sealed record Text(long Judged, long Seen, long? Since, double[]? Values);

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(Text))]
    private sealed partial class StateJson : JsonSerializerContext;
}
