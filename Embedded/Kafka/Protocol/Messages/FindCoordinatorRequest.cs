namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>Which broker coordinates these groups or transactions?</summary>
internal sealed record FindCoordinatorRequest(FindCoordinatorRequest.KeyType Type, IReadOnlyList<string> Keys) : IRequest<FindCoordinatorRequest>
{
    internal enum KeyType : sbyte
    {
        Group = 0,
        Transaction = 1,
    }

    public static ApiSpec Api { get; } = new(ApiKey.FindCoordinator, 0, 4, 3);

    public static FindCoordinatorRequest Read(ref WireReader reader)
    {
        List<string> keys = reader.Version <= 3 ? [reader.ReadString()] : [];
        var type = reader.Version >= 1 ? (KeyType)reader.ReadInt8() : KeyType.Group;
        if (reader.Version >= 4)
        {
            keys = reader.ReadStringArray();
        }

        reader.SkipTaggedFields();
        return new FindCoordinatorRequest(type, keys);
    }
}
