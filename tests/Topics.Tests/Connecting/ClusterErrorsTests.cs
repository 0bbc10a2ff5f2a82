using Confluent.Kafka;
using Streaming.Cluster;

namespace Streaming.Topics.Tests.Connecting;

public sealed class ClusterErrorsTests
{
    [Theory]
    [InlineData(ErrorCode.TopicAuthorizationFailed)]
    [InlineData(ErrorCode.GroupAuthorizationFailed)]
    [InlineData(ErrorCode.ClusterAuthorizationFailed)]
    public void A_missing_right_is_told_with_what_was_asked_and_what_the_cluster_says(ErrorCode code)
    {
        var exception = ClusterErrors.Of("Delete topic 'orders'", new Error(code, "Broker: authorization failed"));

        Assert.Equal(ClusterFailure.Refused, exception.Failure);
        Assert.Equal("Delete topic 'orders': this user has no right to do it (Broker: authorization failed)", exception.Message);
    }
}
