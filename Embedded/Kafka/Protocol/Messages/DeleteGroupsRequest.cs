namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>Forget these groups and their offsets.</summary>
internal sealed record DeleteGroupsRequest(IReadOnlyList<string> GroupIds) : IRequest<DeleteGroupsRequest>
{
    public static ApiSpec Api { get; } = new(ApiKey.DeleteGroups, 0, 2, 2);

    public static DeleteGroupsRequest Read(ref WireReader reader)
    {
        var groupIds = reader.ReadStringArray();
        reader.SkipTaggedFields();
        return new DeleteGroupsRequest(groupIds);
    }
}
