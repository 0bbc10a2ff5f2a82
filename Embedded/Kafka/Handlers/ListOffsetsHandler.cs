using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Finds offsets by time and at the ends.</summary>
internal sealed class ListOffsetsHandler(TopicStore store) : RequestHandler<ListOffsetsRequest>
{
    protected override ValueTask<IResponse?> HandleAsync(ListOffsetsRequest request, RequestContext context, CancellationToken cancellationToken) =>
        Answer(new ListOffsetsResponse([.. request.Topics.Select(topic =>
            new ListOffsetsResponse.Topic(topic.Name, [.. topic.Partitions.Select(p => Find(topic.Name, p, request.Isolation))]))]));

    private ListOffsetsResponse.Partition Find(string topic, ListOffsetsRequest.Partition wanted, IsolationLevel isolation)
    {
        if (!store.TryGetPartition(topic, wanted.Index, out var log))
        {
            return new ListOffsetsResponse.Partition(wanted.Index, ErrorCode.UnknownTopicOrPartition);
        }

        if (wanted.LeaderEpoch > 0)
        {
            return new ListOffsetsResponse.Partition(wanted.Index, ErrorCode.UnknownLeaderEpoch);
        }

        var end = log.Bounds.EndFor(isolation);
        (long Offset, long Timestamp)? found = wanted.Timestamp switch
        {
            ListOffsetsRequest.Latest => (end, -1),
            ListOffsetsRequest.Earliest => (log.LogStartOffset, -1),
            ListOffsetsRequest.MaxTimestamp => Before(end, log.MaxTimestamp()),
            >= 0 => Before(end, log.OffsetForTimestamp(wanted.Timestamp) ?? (-1, -1)),
            _ => null,
        };
        return found is { } f
            ? new ListOffsetsResponse.Partition(wanted.Index, ErrorCode.None, f.Timestamp, f.Offset)
            : new ListOffsetsResponse.Partition(wanted.Index, ErrorCode.UnsupportedVersion);
    }

    // As Kafka does it: what the consumer cannot see yet is answered as if there were none, although an earlier record may have the next largest time.
    private static (long Offset, long Timestamp) Before(long end, (long Offset, long Timestamp) found) => found.Offset < end ? found : (-1, -1);
}
