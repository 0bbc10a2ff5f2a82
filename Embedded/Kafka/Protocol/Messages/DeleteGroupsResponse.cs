namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>What became of each group.</summary>
internal sealed record DeleteGroupsResponse(IReadOnlyList<DeleteGroupsResponse.Group> Groups) : IResponse
{
    public void Write(WireWriter writer)
    {
        writer.WriteInt32(0); // throttle time
        writer.WriteArray(Groups, static (w, group) =>
        {
            w.WriteString(group.GroupId);
            w.WriteError(group.Error);
            w.WriteTaggedFields();
        });
        writer.WriteTaggedFields();
    }

    internal readonly record struct Group(string GroupId, ErrorCode Error);
}
