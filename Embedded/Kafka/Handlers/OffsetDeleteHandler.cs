using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Forgets single committed offsets, unless a member of the group reads the topic.</summary>
internal sealed class OffsetDeleteHandler(GroupCoordinator groups) : RequestHandler<OffsetDeleteRequest>
{
    protected override ValueTask<IResponse?> HandleAsync(OffsetDeleteRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var partitions = request.Topics.SelectMany(static t => t.Partitions.Select(index => new TopicPartition(t.Name, index))).ToList();
        var error = groups.DeleteOffsets(request.GroupId, partitions, ReadSubscription, out var subscribed);
        return Answer(new OffsetDeleteResponse(error, error != ErrorCode.None ? [] : [.. request.Topics.Select(topic =>
        {
            var topicError = subscribed.Contains(topic.Name) ? ErrorCode.GroupSubscribedToTopic : ErrorCode.None;
            return new OffsetDeleteResponse.Topic(topic.Name, [.. topic.Partitions.Select(i => new OffsetDeleteResponse.Partition(i, topicError))]);
        })]));
    }

    /// <summary>The topics in a consumer's subscription (version, then topics); null if the bytes are of another protocol.</summary>
    private static List<string>? ReadSubscription(byte[] metadata)
    {
        try
        {
            var reader = new WireReader(metadata);
            reader.ReadInt16();
            return reader.ReadStringArray();
        }
        catch (MalformedRequestException)
        {
            return null;
        }
    }
}
