using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streaming.Contracts.Iot;

/// <summary>
/// Heartbeats as JSON:
/// <c>{"device_id":"oslo-0042","site":"oslo","temperature":21.37,"battery":87.5,"ts":1767225600000}</c>. Members that are not known are passed over.
/// </summary>
public static class HeartbeatJson
{
    /// <summary>UTF-8 bytes.</summary>
    public static byte[] Encode(Heartbeat heartbeat) => JsonSerializer.SerializeToUtf8Bytes(heartbeat, HeartbeatContext.Default.Heartbeat);

    /// <summary>Reads a record of the topic.</summary>
    /// <param name="key">The record's key: the device's id.</param>
    /// <param name="value">Its value.</param>
    /// <param name="heartbeat">What it says.</param>
    /// <param name="reason">Why it is no heartbeat: a stable word.</param>
    /// <param name="error">The same in a sentence.</param>
    public static bool TryDecode(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> value,
        [NotNullWhen(true)] out Heartbeat? heartbeat, [NotNullWhen(false)] out string? reason, [NotNullWhen(false)] out string? error)
    {
        heartbeat = null;
        try
        {
            heartbeat = JsonSerializer.Deserialize(value, HeartbeatContext.Default.Heartbeat);
            (reason, error) = heartbeat is null ? ("malformed", "the value is null") : Problem(heartbeat, key);
        }
        catch (JsonException e)
        {
            (reason, error) = ("malformed", e.Message);
        }

        if (heartbeat is not null && reason is null)
        {
            return true;
        }

        heartbeat = null;
        reason ??= "malformed";
        error ??= reason;
        return false;
    }

    private static (string? Reason, string? Error) Problem(Heartbeat heartbeat, ReadOnlySpan<byte> key) => heartbeat switch
    {
        _ when !Encoding.UTF8.GetBytes(heartbeat.DeviceId).AsSpan().SequenceEqual(key) => ("key-mismatch", "device_id is not the record's key"),
        _ when DeviceIds.SiteOf(heartbeat.DeviceId) != heartbeat.Site => ("site-mismatch", "device_id does not begin with its site and a hyphen"),
        { Temperature: < Heartbeat.Coldest or > Heartbeat.Hottest } => ("absurd-temperature", $"temperature is not from {Heartbeat.Coldest} to {Heartbeat.Hottest} °C"),
        { Battery: < 0 or > Heartbeat.FullBattery } => ("absurd-battery", "battery is not from 0 to 100 %"),
        _ => (null, null),
    };
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true, AllowDuplicateProperties = false, MaxDepth = 4)]
[JsonSerializable(typeof(Heartbeat))]
internal sealed partial class HeartbeatContext : JsonSerializerContext;
