using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Outbox;
using Streaming.Contracts;

namespace Streaming.Aggregator.Consuming;

/// <summary>What a record that changes no result becomes: its own bytes and headers, then where it came from and why it was put aside.</summary>
internal static class SideOutputs
{
    public const string LateReason = "late";

    public static OutboxMessage Late(string topic, InputPartition input, ConsumeResult<byte[], byte[]> record, long lateByMs) =>
        Message(topic, input, record, LateReason, (HeaderNames.LateByMs, Text(lateByMs)));

    public static OutboxMessage Rejected(string topic, InputPartition input, ConsumeResult<byte[], byte[]> record, string reason, string error) =>
        Message(topic, input, record, reason, (HeaderNames.Error, error));

    /// <summary>A record that a stateless stage rejects: the same headers but the generation, which such a stage does not have.</summary>
    public static Message<byte[]?, byte[]?> RejectedByStage(string pipeline, ConsumeResult<byte[], byte[]> record, string reason, string error)
    {
        var headers = Headers(pipeline, record, reason, (HeaderNames.Error, error));
        return new Message<byte[]?, byte[]?> { Key = record.Message.Key, Value = record.Message.Value, Headers = headers };
    }

    private static OutboxMessage Message(
        string topic, InputPartition input, ConsumeResult<byte[], byte[]> record, string reason, (string Name, string Value) detail)
    {
        var headers = Headers(input.Pipeline, record, reason, detail);
        Add(headers, HeaderNames.Generation, Text(input.Generation));
        return new OutboxMessage(topic, record.Message.Key, record.Message.Value, HeaderCodec.Encode(headers));
    }

    private static Headers Headers(string pipeline, ConsumeResult<byte[], byte[]> record, string reason, (string Name, string Value) detail)
    {
        var headers = new Headers();
        foreach (var header in record.Message.Headers ?? [])
        {
            headers.Add(header.Key, header.GetValueBytes());
        }

        Add(headers, HeaderNames.Reason, reason);
        Add(headers, detail.Name, detail.Value);
        Add(headers, HeaderNames.OriginTopic, record.Topic);
        Add(headers, HeaderNames.OriginPartition, Text(record.Partition.Value));
        Add(headers, HeaderNames.OriginOffset, Text(record.Offset.Value));
        Add(headers, HeaderNames.Pipeline, pipeline);
        return headers;
    }

    private static void Add(Headers headers, string name, string value) => headers.Add(name, Encoding.UTF8.GetBytes(value));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
