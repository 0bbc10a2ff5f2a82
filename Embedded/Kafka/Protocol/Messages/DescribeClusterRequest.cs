namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>Which brokers make up the cluster (KIP-700)?</summary>
/// <param name="EndpointType">1: brokers, 2: controllers.</param>
internal sealed record DescribeClusterRequest(sbyte EndpointType) : IRequest<DescribeClusterRequest>
{
    public static ApiSpec Api { get; } = new(ApiKey.DescribeCluster, 0, 1, 0);

    public static DescribeClusterRequest Read(ref WireReader reader)
    {
        reader.ReadBoolean(); // include authorized operations
        var endpointType = reader.Version >= 1 ? reader.ReadInt8() : (sbyte)1;
        reader.SkipTaggedFields();
        return new DescribeClusterRequest(endpointType);
    }
}
