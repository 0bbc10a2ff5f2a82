using Streaming.Embedded.Kafka.Protocol;

namespace Streaming.Embedded.Kafka.Groups;

/// <summary>Handing out the assignment.</summary>
internal sealed partial class Group
{
    private void Sync(GroupInput.Sync sync, DateTimeOffset now)
    {
        var error = Find(new MemberIdentity(sync.MemberId, sync.InstanceId), sync.Generation, out var member);
        if (member is not null)
        {
            error = CheckSync(sync);
        }

        if (member is null || error != ErrorCode.None)
        {
            _answers.Add(new GroupAnswer.Synced(sync.Ticket, error, []));
            return;
        }

        member.Refresh(now);
        member.HasSynced = true;
        AnswerSync(member, ErrorCode.RebalanceInProgress);
        member.SyncTicket = sync.Ticket;
        if (State == GroupState.CompletingRebalance && member.Id == LeaderId)
        {
            TakeAssignment(sync.Assignments, now);
        }
        else if (State == GroupState.Stable)
        {
            AnswerSync(member, ErrorCode.None);
        }

        if (_members.Values.All(static m => m.HasSynced))
        {
            _syncDeadline = null;
        }
    }

    private ErrorCode CheckSync(GroupInput.Sync sync)
    {
        if ((sync.ProtocolType is not null && sync.ProtocolType != ProtocolType) || (sync.ProtocolName is not null && sync.ProtocolName != ProtocolName))
        {
            return ErrorCode.InconsistentGroupProtocol;
        }

        return State == GroupState.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
    }

    private void TakeAssignment(IReadOnlyDictionary<string, byte[]> assignments, DateTimeOffset now)
    {
        State = GroupState.Stable;
        foreach (var member in _members.Values)
        {
            member.Assignment = assignments.GetValueOrDefault(member.Id, []);
            if (member.SyncTicket is not null)
            {
                AnswerSync(member, ErrorCode.None);
                member.Refresh(now);
            }
        }
    }

    private void AnswerSync(GroupMember member, ErrorCode error)
    {
        if (member.SyncTicket is { } ticket)
        {
            member.SyncTicket = null;
            _answers.Add(error == ErrorCode.None
                ? new GroupAnswer.Synced(ticket, error, member.Assignment, ProtocolType, ProtocolName)
                : new GroupAnswer.Synced(ticket, error, []));
        }
    }
}
