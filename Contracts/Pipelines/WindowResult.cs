using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Streaming.Contracts.Measures;

namespace Streaming.Contracts.Pipelines;

/// <summary>A closed window as a pipeline's results topic carries it, unless the pipeline has a form of its own.</summary>
/// <param name="Pipeline">The pipeline that computed it.</param>
/// <param name="Generation">The generation of the pipeline.</param>
/// <param name="Window">Which of its kinds of windows.</param>
/// <param name="Start">First instant of the window, UTC.</param>
/// <param name="End">First instant after the window, UTC.</param>
/// <param name="Key">What it is grouped by.</param>
/// <param name="Measures">The measures by name; null where nothing was measured. Exact ones with all their digits.</param>
public sealed record WindowResult(
    string Pipeline, int Generation, string Window, DateTimeOffset Start, DateTimeOffset End, string Key, IReadOnlyDictionary<string, decimal?> Measures);

/// <summary>
/// <see cref="WindowResult"/> as JSON:
/// <c>{"pipeline":"p","generation":1,"window":"1m","start":"2026-01-01T00:00:00Z","end":"…","key":"k","count":2,"amount_sum":12.50}</c>.
/// </summary>
public static class WindowResultJson
{
    /// <summary>The window's JSON as UTF-8 bytes.</summary>
    public static byte[] Encode(
        string pipeline, int generation, string window, DateTimeOffset start, DateTimeOffset end, string key, MeasurePlan plan, IReadOnlyList<MeasureValue> values)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("pipeline"u8, pipeline);
        json.WriteNumber("generation"u8, generation);
        json.WriteString("window"u8, window);
        json.WriteString("start"u8, start.UtcDateTime);
        json.WriteString("end"u8, end.UtcDateTime);
        json.WriteString("key"u8, key);
        for (var i = 0; i < values.Count; i++)
        {
            Write(json, plan.Measures[i].Name, values[i]);
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a window.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static WindowResult Decode(ReadOnlySpan<byte> value)
    {
        var reader = new Utf8JsonReader(value);
        using var json = JsonDocument.ParseValue(ref reader);
        var root = json.RootElement;
        try
        {
            return new WindowResult(
                root.GetProperty("pipeline").GetString()!, root.GetProperty("generation").GetInt32(), root.GetProperty("window").GetString()!,
                root.GetProperty("start").GetDateTimeOffset(), root.GetProperty("end").GetDateTimeOffset(), root.GetProperty("key").GetString()!,
                root.EnumerateObject().Skip(6).ToDictionary(
                    measure => measure.Name,
                    measure => measure.Value.ValueKind == JsonValueKind.Null ? null : (decimal?)decimal.Parse(measure.Value.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture)));
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new JsonException("the value is no window", e);
        }
    }

    private static void Write(Utf8JsonWriter json, string name, MeasureValue value)
    {
        if (!value.HasValue)
        {
            json.WriteNull(name);
        }
        else if (value.Exact is { } exact)
        {
            json.WriteNumber(name, exact);
        }
        else
        {
            json.WriteNumber(name, value.Number);
        }
    }
}
