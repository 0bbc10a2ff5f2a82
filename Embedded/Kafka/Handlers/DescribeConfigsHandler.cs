using System.Globalization;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Describes the configuration of topics and of this broker.</summary>
internal sealed class DescribeConfigsHandler(TopicStore store, BrokerOptions options) : RequestHandler<DescribeConfigsRequest>
{
    private const sbyte Boolean = 1;
    private const sbyte Int = 3;
    private const sbyte Long = 5;
    private const sbyte Double = 6;

    protected override ValueTask<IResponse?> HandleAsync(DescribeConfigsRequest request, RequestContext context, CancellationToken cancellationToken) =>
        Answer(new DescribeConfigsResponse([.. request.Queries.Select(Describe)], request.IncludeSynonyms));

    private DescribeConfigsResponse.Result Describe(DescribeConfigsRequest.Query query)
    {
        var resource = query.Resource;
        switch (resource.Type)
        {
            case ConfigResourceType.Topic when store.TryGet(resource.Name, out var topic):
                return Found(query, TopicConfigEntries.Of(topic.Config));
            case ConfigResourceType.Topic:
                return Failed(resource, ErrorCode.UnknownTopicOrPartition, "There is no such topic.");
            case ConfigResourceType.Broker when resource.Name.Length == 0:
                return Found(query, []); // cluster-wide dynamic defaults: there are none
            case ConfigResourceType.Broker when resource.Name == options.NodeId.ToString(CultureInfo.InvariantCulture):
                return Found(query, DescribeBroker());
            default:
                return Failed(resource, ErrorCode.InvalidRequest, $"There is no {resource.Type} '{resource.Name}' here.");
        }
    }

    private static DescribeConfigsResponse.Result Found(DescribeConfigsRequest.Query query, IEnumerable<ConfigEntry> entries) =>
        new(query.Resource, ErrorCode.None, null, [.. entries.Where(e => query.Keys is null || query.Keys.Contains(e.Name))]);

    private static DescribeConfigsResponse.Result Failed(ConfigResource resource, ErrorCode error, string message) => new(resource, error, message, []);

    private IEnumerable<ConfigEntry> DescribeBroker() =>
    [
        Entry("auto.create.topics.enable", options.AutoCreateTopics ? "true" : "false", Boolean),
        Entry("broker.id", options.NodeId, Int),
        Entry("connections.max.idle.ms", (long)options.IdleTimeout.TotalMilliseconds, Long),
        Entry("default.replication.factor", 1, Int),
        Entry("group.initial.rebalance.delay.ms", (long)options.InitialRebalanceDelay.TotalMilliseconds, Int),
        Entry("group.max.session.timeout.ms", (long)options.MaxSessionTimeout.TotalMilliseconds, Int),
        Entry("group.min.session.timeout.ms", (long)options.MinSessionTimeout.TotalMilliseconds, Int),
        Entry("log.cleaner.backoff.ms", (long)options.CleanerInterval.TotalMilliseconds, Long),
        Entry("log.cleaner.dedupe.buffer.size", options.CleanerMapBytes, Long),
        Entry("log.cleaner.enable", "true", Boolean),
        Entry("log.cleaner.io.max.bytes.per.second", options.CleanerBytesPerSecond, Double),
        Entry("log.retention.bytes", options.RetentionBytes, Long),
        Entry("log.retention.ms", (long?)options.Retention?.TotalMilliseconds ?? -1, Long),
        Entry("log.segment.bytes", options.SegmentBytes, Int),
        Entry("max.connections", options.MaxConnections, Int),
        Entry("message.max.bytes", options.MaxMessageBytes, Int),
        Entry("num.partitions", options.DefaultPartitions, Int),
        Entry("offsets.retention.minutes", (long)options.OffsetRetention.TotalMinutes, Int),
        Entry("socket.request.max.bytes", options.MaxRequestBytes, Int),
    ];

    private static ConfigEntry Entry(string name, long value, sbyte type) => Entry(name, value.ToString(CultureInfo.InvariantCulture), type);

    private static ConfigEntry Entry(string name, string value, sbyte type) => new(name, value, ConfigSource.StaticBroker, ReadOnly: true, type, null);
}
