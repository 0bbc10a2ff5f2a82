namespace Streaming.Cluster;

/// <summary>What kind of failure it was, for those who decide what to do next.</summary>
public enum ClusterFailure
{
    /// <summary>No broker answered in time: trying again may help.</summary>
    Unreachable,

    /// <summary>The cluster answered and will not do it: rights, policies, state.</summary>
    Refused,

    /// <summary>The topic or group is not there.</summary>
    NotFound,

    /// <summary>What was asked makes no sense here: an unknown partition, a broken setting.</summary>
    Invalid,
}

/// <summary>What a cluster would not do: what was asked and what it answered, in words for people. Never carries a secret.</summary>
public sealed class ClusterException(ClusterFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Of which kind.</summary>
    public ClusterFailure Failure { get; } = failure;
}
