using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>The one leader's epoch is 0 and ends where the log does; any other epoch never was.</summary>
internal sealed class OffsetForLeaderEpochHandler(TopicStore store) : RequestHandler<OffsetForLeaderEpochRequest>
{
    protected override ValueTask<IResponse?> HandleAsync(
        OffsetForLeaderEpochRequest request, RequestContext context, CancellationToken cancellationToken) =>
        Answer(new OffsetForLeaderEpochResponse([.. request.Topics.Select(topic =>
            new OffsetForLeaderEpochResponse.Topic(topic.Name, [.. topic.Partitions.Select(p => Find(topic.Name, p))]))]));

    private OffsetForLeaderEpochResponse.Partition Find(string topic, OffsetForLeaderEpochRequest.Partition wanted)
    {
        if (!store.TryGetPartition(topic, wanted.Index, out var log))
        {
            return new OffsetForLeaderEpochResponse.Partition(wanted.Index, ErrorCode.UnknownTopicOrPartition);
        }

        if (wanted.CurrentLeaderEpoch > 0)
        {
            return new OffsetForLeaderEpochResponse.Partition(wanted.Index, ErrorCode.UnknownLeaderEpoch);
        }

        return wanted.LeaderEpoch == 0
            ? new OffsetForLeaderEpochResponse.Partition(wanted.Index, ErrorCode.None, 0, log.HighWatermark)
            : new OffsetForLeaderEpochResponse.Partition(wanted.Index, ErrorCode.None);
    }
}
