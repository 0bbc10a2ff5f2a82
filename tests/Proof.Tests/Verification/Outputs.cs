using System.Globalization;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Streaming.Tests.Oracle;

namespace Streaming.Proof.Tests.Verification;

/// <summary>Records of the output topics as lines of text that can be compared; read with parsers of its own, not the product's.</summary>
internal static class Outputs
{
    public static string Result(WindowTotals window) => Result(window.StoreId, window.StoreId, window.Start, window.End, window.Count, window.Sum, window.Min, window.Max);

    public static string Result(ConsumeResult<byte[], byte[]> record)
    {
        using var json = JsonDocument.Parse(record.Message.Value);
        var root = json.RootElement;
        return Result(
            Encoding.UTF8.GetString(record.Message.Key),
            root.GetProperty("store_id").GetString()!,
            root.GetProperty("window_start").GetDateTimeOffset(),
            root.GetProperty("window_end").GetDateTimeOffset(),
            root.GetProperty("count").GetInt64(),
            root.GetProperty("sum").GetDecimal(),
            root.GetProperty("min").GetInt64(),
            root.GetProperty("max").GetInt64());
    }

    public static string Alert(AlertRow alert) => Alert($"sales-by-store/{alert.Rule}/{alert.Key}", alert.Rule, alert.Key, alert.At, alert.Transition, alert.Value, alert.Threshold);

    public static string Alert(ConsumeResult<byte[], byte[]> record)
    {
        using var json = JsonDocument.Parse(record.Message.Value);
        var root = json.RootElement;
        return Alert(
            Encoding.UTF8.GetString(record.Message.Key),
            root.GetProperty("rule").GetString()!,
            root.GetProperty("group_key").GetString()!,
            root.GetProperty("at").GetDateTimeOffset(),
            root.GetProperty("transition").GetString()!,
            Number(root.GetProperty("value")),
            Number(root.GetProperty("threshold")));
    }

    /// <summary>A late or rejected record: its input's own bytes and headers, and where it came from.</summary>
    public static string PutAside(ConsumeResult<byte[], byte[]> input, long? lateByMs) =>
        PutAside(input.Message, input.Topic, Text(input.Partition.Value), Text(input.Offset.Value), lateByMs is { } by ? Text(by) : "");

    public static string PutAside(ConsumeResult<byte[], byte[]> output, bool isLate) => PutAside(
        output.Message,
        Header(output.Message, "streaming-origin-topic"),
        Header(output.Message, "streaming-origin-partition"),
        Header(output.Message, "streaming-origin-offset"),
        isLate ? Header(output.Message, "streaming-late-by-ms") : "");

    /// <summary>Where the record that was put aside had been read from.</summary>
    public static (int Partition, long Offset) Origin(ConsumeResult<byte[], byte[]> output) => (
        int.Parse(Header(output.Message, "streaming-origin-partition"), CultureInfo.InvariantCulture),
        long.Parse(Header(output.Message, "streaming-origin-offset"), CultureInfo.InvariantCulture));

    private static string PutAside(Message<byte[], byte[]> message, string topic, string partition, string offset, string lateByMs) =>
        $"{topic}[{partition}]@{offset} late by '{lateByMs}' key {Hash(message.Key)} value {Hash(message.Value)} number {Number(message)}";

    private static string Result(string key, string store, DateTimeOffset start, DateTimeOffset end, long count, decimal sum, long min, long max) =>
        string.Create(CultureInfo.InvariantCulture, $"{key} {store} [{start:u}, {end:u}) count {count} sum {sum:0} min {min} max {max}");

    private static string Alert(string recordKey, string rule, string key, DateTimeOffset at, string transition, double? value, double? threshold) =>
        string.Create(CultureInfo.InvariantCulture, $"{recordKey}: {rule} {key} {at:u} {transition} {value:R} {threshold:R}");

    private static double? Number(JsonElement json) => json.ValueKind == JsonValueKind.Null ? null : json.GetDouble();

    private static string Number(Message<byte[], byte[]> message) =>
        message.Headers.TryGetLastBytes(Load.LoadProducer.NumberHeader, out var bytes) ? Convert.ToHexString(bytes) : "none";

    private static string Hash(byte[]? bytes) =>
        bytes is null ? "null" : bytes.Length <= 16 ? Convert.ToHexString(bytes) : Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes)[..8]);

    private static string Header(Message<byte[], byte[]> message, string name) => Encoding.UTF8.GetString(message.Headers.GetLastBytes(name));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
