using System.Collections.Immutable;
using System.Text;
using Streaming.Cluster.Messages;
using Streaming.Cluster.Payloads;
using Streaming.Cluster.Reading;
using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Kafka;

namespace Streaming.Dashboard.Tests.Kafka;

internal static class KafkaSamples
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    public static readonly FeedHealth Live = new(FeedCondition.Live, Noon);

    public static TopicRow Topic(string name, long? records = 10) => new(name, 3, 1, records, 1.5, "delete", "604800000", 0, 0);

    public static TopicList Topics(params TopicRow[] topics) => new(Live, Noon, [.. topics]);

    public static PartitionRow Partition(int number) => new(new PartitionInfo(number, 1, [1], [1]), new LogBounds(0, 100 + number), 2);

    public static PeekedMessage Message(byte[]? key, byte[]? value, int kept = 16 * 1024, params (string Name, byte[]? Value)[] headers) => new(
        "topic", 0, 41, Noon, IsAppendTime: true, PeekedBytes.Of(key, kept), PeekedBytes.Of(value, kept), [.. headers.Select(header => new PeekedHeader(header.Name, PeekedBytes.Of(header.Value, kept)))]);

    public static Task<MessagePage> PageAsync(params PeekedMessage[] messages) =>
        MessagePage.ReadAsync(new PeekResult([.. messages], PeekEnd.EndOfTopic), new PayloadReader(), CancellationToken.None);

    public static async Task<TopicSnapshot> SnapshotAsync(IEnumerable<int> partitions, params PeekedMessage[] messages) => new(
        Live, Noon, false, [.. partitions.Select(Partition)], [new TopicSetting("cleanup.policy", "delete", true, false)], await PageAsync(messages), null);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
