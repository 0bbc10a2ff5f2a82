using Streaming.Embedded.Kafka.Protocol;

namespace Streaming.Embedded.Kafka.Groups;

/// <summary>
/// A consumer group as a state machine: inputs and the time go in, answers come out. No clock, chance, socket or lock. The assignment strategy
/// (eager or cooperative) is the members' own affair: the group only carries their bytes. Invariants: a generation begins when a rebalance is
/// complete and only ever grows; at most one join and one sync of a member wait; the leader is a member; an empty group waits for nobody.
/// Source: Kafka's group membership protocol, KIP-62, KIP-345 (static members), KIP-394 (member ids first).
/// </summary>
internal sealed partial class Group(string id, GroupSettings settings)
{
    private readonly Dictionary<string, GroupMember> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _memberOfInstance = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _promised = new(StringComparer.Ordinal);
    private List<GroupAnswer> _answers = [];

    public string Id { get; } = id;

    public GroupState State { get; private set; } = GroupState.Empty;

    public int Generation { get; private set; }

    public string? ProtocolType { get; private set; }

    public string? ProtocolName { get; private set; }

    public string? LeaderId { get; private set; }

    public IReadOnlyCollection<GroupMember> Members => _members.Values;

    /// <summary>Nobody is in it or about to be.</summary>
    public bool IsUnused => _members.Count == 0 && _promised.Count == 0;

    /// <summary>Applies an input; the answers that became due, its own or earlier ones'.</summary>
    public IReadOnlyList<GroupAnswer> Handle(GroupInput input, DateTimeOffset now)
    {
        _answers = [];
        Expire(now);
        switch (input)
        {
            case GroupInput.Join join:
                Join(join, now);
                break;
            case GroupInput.Sync sync:
                Sync(sync, now);
                break;
            case GroupInput.Heartbeat heartbeat:
                _answers.Add(new GroupAnswer.Beaten(heartbeat.Ticket, Heartbeat(heartbeat, now)));
                break;
            case GroupInput.Leave leave:
                Leave(leave, now);
                break;
            case GroupInput.Tick:
                break;
        }

        return _answers;
    }

    /// <summary>Whether offsets may be committed in this member's name (-1 and no member id: by an outsider, while nobody is in the group).</summary>
    public ErrorCode CheckCommit(MemberIdentity member, int generation, DateTimeOffset now)
    {
        if (generation < 0 && member.MemberId.Length == 0)
        {
            return State == GroupState.Empty ? ErrorCode.None : ErrorCode.UnknownMemberId;
        }

        var error = Find(member, generation, out var found);
        if (found is null)
        {
            return error;
        }

        // The new assignment is not out yet: what was processed belongs to the generation before.
        if (State == GroupState.CompletingRebalance)
        {
            return ErrorCode.RebalanceInProgress;
        }

        found.Refresh(now);
        return ErrorCode.None;
    }

    /// <summary>
    /// Whether offsets may be sent to a transaction in this member's name (KIP-447). Clients before that do not say who they are, and are believed;
    /// their producer's epoch alone fences them. A rebalance under way is no hindrance: the transaction itself decides when the offsets count.
    /// </summary>
    public ErrorCode CheckTransactionalCommit(MemberIdentity member, int generation) =>
        generation < 0 && (State == GroupState.Empty || member is { MemberId.Length: 0, InstanceId: null }) ? ErrorCode.None : Find(member, generation, out _);

    private ErrorCode Heartbeat(GroupInput.Heartbeat heartbeat, DateTimeOffset now)
    {
        var error = Find(new MemberIdentity(heartbeat.MemberId, heartbeat.InstanceId), heartbeat.Generation, out var member);
        if (member is null)
        {
            return error;
        }

        member.Refresh(now);
        return State == GroupState.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
    }

    private void Leave(GroupInput.Leave leave, DateTimeOffset now)
    {
        var left = new List<LeftMember>(leave.Members.Count);
        foreach (var identity in leave.Members)
        {
            var error = ErrorCode.None;
            if (identity.InstanceId is not null || !_promised.Remove(identity.MemberId))
            {
                error = FindLeaving(identity, out var member);
                if (member is not null)
                {
                    Remove(member, ErrorCode.UnknownMemberId);
                }
            }

            left.Add(new LeftMember(identity, error));
        }

        _answers.Add(new GroupAnswer.Left(leave.Ticket, left));
        AfterRemoval(now);
    }

    /// <summary>A static member may be removed by its instance's name alone (an administrator does not know its id).</summary>
    private ErrorCode FindLeaving(MemberIdentity identity, out GroupMember? member)
    {
        if (identity is { InstanceId: { } instance, MemberId.Length: 0 })
        {
            member = _memberOfInstance.TryGetValue(instance, out var memberId) ? _members[memberId] : null;
            return member is null ? ErrorCode.UnknownMemberId : ErrorCode.None;
        }

        return Find(identity, out member);
    }

    private ErrorCode Find(MemberIdentity identity, int generation, out GroupMember? member)
    {
        var error = Find(identity, out member);
        if (member is not null && generation != Generation)
        {
            member = null;
            return ErrorCode.IllegalGeneration;
        }

        return error;
    }

    /// <summary>A static member's name belongs to the id that came last; whoever uses an older id is fenced.</summary>
    private ErrorCode Find(MemberIdentity identity, out GroupMember? member)
    {
        member = null;
        if (identity.InstanceId is { } instance && _memberOfInstance.TryGetValue(instance, out var current) && current != identity.MemberId)
        {
            return ErrorCode.FencedInstanceId;
        }

        return _members.TryGetValue(identity.MemberId, out member) && member.InstanceId == identity.InstanceId
            ? ErrorCode.None
            : Unknown(out member);
    }

    private static ErrorCode Unknown(out GroupMember? member)
    {
        member = null;
        return ErrorCode.UnknownMemberId;
    }
}
