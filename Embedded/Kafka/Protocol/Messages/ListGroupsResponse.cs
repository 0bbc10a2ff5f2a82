namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>The groups and their states.</summary>
internal sealed record ListGroupsResponse(IReadOnlyList<ListGroupsResponse.Group> Groups) : IResponse
{
    /// <summary>The type of every group here (KIP-848 calls it so).</summary>
    public const string ClassicType = "classic";

    public void Write(WireWriter writer)
    {
        if (writer.Version >= 1)
        {
            writer.WriteInt32(0); // throttle time
        }

        writer.WriteError(ErrorCode.None);
        writer.WriteArray(Groups, static (w, group) =>
        {
            w.WriteString(group.GroupId);
            w.WriteString(group.ProtocolType);
            if (w.Version >= 4)
            {
                w.WriteString(group.State);
            }

            if (w.Version >= 5)
            {
                w.WriteString(ClassicType);
            }

            w.WriteTaggedFields();
        });
        writer.WriteTaggedFields();
    }

    internal readonly record struct Group(string GroupId, string ProtocolType, string State);
}
