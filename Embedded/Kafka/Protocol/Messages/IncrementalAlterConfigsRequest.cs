namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>Change single configurations of these resources (KIP-339).</summary>
internal sealed record IncrementalAlterConfigsRequest(IReadOnlyList<IncrementalAlterConfigsRequest.Change> Changes, bool ValidateOnly)
    : IRequest<IncrementalAlterConfigsRequest>
{
    /// <summary>What is done to a configuration.</summary>
    internal enum Operation : sbyte
    {
        Set = 0,
        Delete = 1,
        Append = 2,
        Subtract = 3,
    }

    public static ApiSpec Api { get; } = new(ApiKey.IncrementalAlterConfigs, 0, 1, 1);

    public static IncrementalAlterConfigsRequest Read(ref WireReader reader)
    {
        var changes = reader.ReadArray(static (ref WireReader r) =>
        {
            var resource = ConfigResource.Read(ref r);
            var configs = r.ReadArray(static (ref WireReader c) =>
            {
                var step = new Step(c.ReadString(), (Operation)c.ReadInt8(), c.ReadNullableString());
                c.SkipTaggedFields();
                return step;
            });
            r.SkipTaggedFields();
            return new Change(resource, configs);
        });
        var validateOnly = reader.ReadBoolean();
        reader.SkipTaggedFields();
        return new IncrementalAlterConfigsRequest(changes, validateOnly);
    }

    internal readonly record struct Change(ConfigResource Resource, IReadOnlyList<Step> Steps);

    internal readonly record struct Step(string Name, Operation Operation, string? Value);
}
