namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>Who is in these groups?</summary>
internal sealed record DescribeGroupsRequest(IReadOnlyList<string> GroupIds) : IRequest<DescribeGroupsRequest>
{
    public static ApiSpec Api { get; } = new(ApiKey.DescribeGroups, 0, 5, 5);

    public static DescribeGroupsRequest Read(ref WireReader reader)
    {
        var groupIds = reader.ReadStringArray();
        if (reader.Version >= 3)
        {
            reader.ReadBoolean(); // include authorized operations
        }

        reader.SkipTaggedFields();
        return new DescribeGroupsRequest(groupIds);
    }
}
