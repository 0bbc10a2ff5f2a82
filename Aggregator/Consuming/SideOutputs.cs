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

    /// <summary>Longest error text, in characters: with all headers it fits into the room that a side output has beside the largest input.</summary>
    private const int LongestError = 2048;

    public static OutboxMessage Late(string topic, InputPartition input, ConsumeResult<byte[], byte[]> record, long lateByMs) =>
        Message(topic, input, record, LateReason, (HeaderNames.LateByMs, Text(lateByMs)));

    public static OutboxMessage Rejected(string topic, InputPartition input, ConsumeResult<byte[], byte[]> record, string reason, string error) =>
        Message(topic, input, record, reason, (HeaderNames.Error, Cut(error)));

    /// <summary>
    /// A record that a stateless stage rejects: the same headers but the generation, which such a stage does not have. One that is too large for
    /// <paramref name="topic"/> (somebody else's topic, compressed) is sent without its bytes and headers: they stand at its origin.
    /// </summary>
    public static Message<byte[]?, byte[]?> RejectedByStage(
        string pipeline, TopicDeclaration topic, ConsumeResult<byte[], byte[]> record, string reason, string error)
    {
        var (key, value) = (record.Message.Key, record.Message.Value);
        var headers = Headers(pipeline, record, record.Message.Headers, reason, (HeaderNames.Error, Cut(error)));
        var size = RecordSize.AtMost(key, value, headers);
        if (size <= topic.MaxMessageBytes)
        {
            return new Message<byte[]?, byte[]?> { Key = key, Value = value, Headers = headers };
        }

        var text = $"{Cut(error)} (its bytes are left out: with them the record has {size}, and {topic.Name} takes {topic.MaxMessageBytes})";
        return new Message<byte[]?, byte[]?> { Headers = Headers(pipeline, record, null, reason, (HeaderNames.Error, text)) };
    }

    private static OutboxMessage Message(
        string topic, InputPartition input, ConsumeResult<byte[], byte[]> record, string reason, (string Name, string Value) detail)
    {
        var headers = Headers(input.Pipeline, record, record.Message.Headers, reason, detail);
        Add(headers, HeaderNames.Generation, Text(input.Generation));
        return new OutboxMessage(topic, record.Message.Key, record.Message.Value, HeaderCodec.Encode(headers)) { IsPutAside = true };
    }

    private static Headers Headers(
        string pipeline, ConsumeResult<byte[], byte[]> record, Headers? own, string reason, (string Name, string Value) detail)
    {
        var headers = new Headers();
        foreach (var header in own ?? [])
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

    // An exception's message may hold the whole event. A pair of surrogates that is cut in half becomes U+FFFD.
    private static string Cut(string error) => error.Length <= LongestError ? error : error[..LongestError] + "…";

    private static void Add(Headers headers, string name, string value) => headers.Add(name, Encoding.UTF8.GetBytes(value));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
