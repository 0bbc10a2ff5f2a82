namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>Which groups are there?</summary>
/// <param name="States">Only those in these states; empty: all.</param>
/// <param name="Types">Only those of these types; empty: all.</param>
internal sealed record ListGroupsRequest(IReadOnlyList<string> States, IReadOnlyList<string> Types) : IRequest<ListGroupsRequest>
{
    public static ApiSpec Api { get; } = new(ApiKey.ListGroups, 0, 5, 3);

    public static ListGroupsRequest Read(ref WireReader reader)
    {
        var states = reader.Version >= 4 ? reader.ReadStringArray() : [];
        var types = reader.Version >= 5 ? reader.ReadStringArray() : [];
        reader.SkipTaggedFields();
        return new ListGroupsRequest(states, types);
    }
}
