namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>Replace the whole configuration of these resources.</summary>
internal sealed record AlterConfigsRequest(IReadOnlyList<AlterConfigsRequest.Change> Changes, bool ValidateOnly) : IRequest<AlterConfigsRequest>
{
    public static ApiSpec Api { get; } = new(ApiKey.AlterConfigs, 0, 2, 2);

    public static AlterConfigsRequest Read(ref WireReader reader)
    {
        var changes = reader.ReadArray(static (ref WireReader r) =>
        {
            var resource = ConfigResource.Read(ref r);
            var configs = r.ReadArray(static (ref WireReader c) =>
            {
                var config = new KeyValuePair<string, string?>(c.ReadString(), c.ReadNullableString());
                c.SkipTaggedFields();
                return config;
            });
            r.SkipTaggedFields();
            return new Change(resource, configs);
        });
        var validateOnly = reader.ReadBoolean();
        reader.SkipTaggedFields();
        return new AlterConfigsRequest(changes, validateOnly);
    }

    internal readonly record struct Change(ConfigResource Resource, IReadOnlyList<KeyValuePair<string, string?>> Configs);
}
