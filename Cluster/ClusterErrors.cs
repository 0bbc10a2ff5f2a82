using Confluent.Kafka;

namespace Streaming.Cluster;

/// <summary>Turns the client's errors into <see cref="ClusterException"/>s.</summary>
internal static class ClusterErrors
{
    public static ClusterException Of(string what, Error error, Exception? inner = null) =>
        new(Failure(error.Code), $"{what}: {Reason(error)}", inner);

    /// <summary>The errors that a cluster answers with when nobody is there, or not for long.</summary>
    public static ClusterFailure Failure(ErrorCode code) => code switch
    {
        ErrorCode.Local_Transport or ErrorCode.Local_TimedOut or ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Resolve or ErrorCode.Local_WaitCoord
            or ErrorCode.RequestTimedOut or ErrorCode.NetworkException or ErrorCode.BrokerNotAvailable or ErrorCode.Local_MsgTimedOut => ClusterFailure.Unreachable,
        ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition or ErrorCode.GroupIdNotFound => ClusterFailure.NotFound,
        ErrorCode.InvalidPartitions or ErrorCode.InvalidReplicationFactor or ErrorCode.InvalidConfig or ErrorCode.TopicException
            or ErrorCode.InvalidRequest or ErrorCode.Local_InvalidArg => ClusterFailure.Invalid,
        _ => ClusterFailure.Refused,
    };

    private static string Reason(Error error)
    {
        var reason = string.IsNullOrWhiteSpace(error.Reason) ? error.Code.ToString() : error.Reason.Trim();
        return error.Code switch
        {
            ErrorCode.Local_TimedOut or ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown => $"no answer ({reason})",
            ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed => $"this user has no right to do it ({reason})",
            ErrorCode.UnknownTopicOrPart => "there is no such topic or partition",
            _ => reason,
        };
    }
}
