using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Describes the cluster: this broker.</summary>
internal sealed class DescribeClusterHandler(string clusterId) : RequestHandler<DescribeClusterRequest>
{
    private const sbyte Brokers = 1;

    protected override ValueTask<IResponse?> HandleAsync(DescribeClusterRequest request, RequestContext context, CancellationToken cancellationToken) =>
        Answer(request.EndpointType == Brokers
            ? new DescribeClusterResponse(ErrorCode.None, null, Brokers, clusterId, context.Broker)
            : new DescribeClusterResponse(ErrorCode.UnsupportedEndpointType, "Only brokers can be asked for.", Brokers, clusterId, context.Broker));
}
