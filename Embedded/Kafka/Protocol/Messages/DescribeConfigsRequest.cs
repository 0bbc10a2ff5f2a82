namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>How are these resources configured?</summary>
internal sealed record DescribeConfigsRequest(IReadOnlyList<DescribeConfigsRequest.Query> Queries, bool IncludeSynonyms) : IRequest<DescribeConfigsRequest>
{
    public static ApiSpec Api { get; } = new(ApiKey.DescribeConfigs, 0, 4, 4);

    public static DescribeConfigsRequest Read(ref WireReader reader)
    {
        var queries = reader.ReadArray(static (ref WireReader r) =>
        {
            var query = new Query(ConfigResource.Read(ref r), r.ReadNullableArray(static (ref WireReader k) => k.ReadString()));
            r.SkipTaggedFields();
            return query;
        });
        var synonyms = reader.Version >= 1 && reader.ReadBoolean();
        if (reader.Version >= 3)
        {
            reader.ReadBoolean(); // include documentation
        }

        reader.SkipTaggedFields();
        return new DescribeConfigsRequest(queries, synonyms);
    }

    /// <param name="Keys">Only these; null: all.</param>
    internal readonly record struct Query(ConfigResource Resource, IReadOnlyList<string>? Keys);
}
