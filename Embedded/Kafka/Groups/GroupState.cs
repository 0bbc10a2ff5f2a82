namespace Streaming.Embedded.Kafka.Groups;

/// <summary>Where a group stands. Source: the group membership protocol of Kafka's design documentation, and KIP-62.</summary>
internal enum GroupState
{
    /// <summary>No members; it may have committed offsets.</summary>
    Empty,

    /// <summary>Waiting for the members to join anew.</summary>
    PreparingRebalance,

    /// <summary>All have joined; waiting for the leader's assignment.</summary>
    CompletingRebalance,

    /// <summary>Every member has an assignment or can fetch it.</summary>
    Stable,
}

/// <summary>The names under which clients see the states.</summary>
internal static class GroupStateNames
{
    /// <summary>What a group that does not exist is called.</summary>
    public const string Dead = "Dead";

    public static string Of(GroupState state) => state switch
    {
        GroupState.Empty => "Empty",
        GroupState.PreparingRebalance => "PreparingRebalance",
        GroupState.CompletingRebalance => "CompletingRebalance",
        GroupState.Stable => "Stable",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No such state."),
    };
}
