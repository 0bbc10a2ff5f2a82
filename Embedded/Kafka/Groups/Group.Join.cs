using Streaming.Embedded.Kafka.Protocol;

namespace Streaming.Embedded.Kafka.Groups;

/// <summary>Joining.</summary>
internal sealed partial class Group
{
    private void Join(GroupInput.Join join, DateTimeOffset now)
    {
        var error = CheckJoin(join);
        if (error != ErrorCode.None)
        {
            Refuse(join, error);
        }
        else if (join.MemberId.Length == 0)
        {
            JoinAsUnknown(join, now);
        }
        else if (join.InstanceId is null && _promised.Remove(join.MemberId))
        {
            Add(join.MemberId, join, now);
        }
        else
        {
            error = Find(new MemberIdentity(join.MemberId, join.InstanceId), out var member);
            if (member is null)
            {
                Refuse(join, error);
            }
            else
            {
                Rejoin(member, join, now);
            }
        }
    }

    private ErrorCode CheckJoin(GroupInput.Join join)
    {
        if (join.SessionTimeout < settings.MinSessionTimeout || join.SessionTimeout > settings.MaxSessionTimeout)
        {
            return ErrorCode.InvalidSessionTimeout;
        }

        if (join.ProtocolType.Length == 0 || join.Protocols.Count == 0)
        {
            return ErrorCode.InconsistentGroupProtocol;
        }

        var others = _members.Values.Where(m => m.Id != join.MemberId).ToList();
        var fits = others.Count == 0
            || (join.ProtocolType == ProtocolType && join.Protocols.Any(p => others.TrueForAll(m => m.Speaks(p.Name))));
        return fits ? ErrorCode.None : ErrorCode.InconsistentGroupProtocol;
    }

    private void JoinAsUnknown(GroupInput.Join join, DateTimeOffset now)
    {
        if (join.InstanceId is not null && _memberOfInstance.TryGetValue(join.InstanceId, out var former))
        {
            ReplaceStatic(_members[former], join, now);
        }
        else if (_members.Count + _promised.Count >= settings.MaxMembers)
        {
            Refuse(join, ErrorCode.GroupMaxSizeReached);
        }
        else if (join is { RequiresKnownMember: true, InstanceId: null })
        {
            _promised[join.NewMemberId] = now + join.SessionTimeout;
            _answers.Add(new GroupAnswer.Joined(join.Ticket, ErrorCode.MemberIdRequired, join.NewMemberId));
        }
        else
        {
            Add(join.NewMemberId, join, now);
        }
    }

    private void Add(string memberId, GroupInput.Join join, DateTimeOffset now)
    {
        var member = new GroupMember(memberId, join) { JoinTicket = join.Ticket };
        member.Refresh(now);
        _members.Add(memberId, member);
        if (join.InstanceId is not null)
        {
            _memberOfInstance[join.InstanceId] = memberId;
        }

        ProtocolType = join.ProtocolType;
        LeaderId ??= memberId;
        ExtendInitialDelay(now);
        PrepareRebalance(now);
    }

    private void Rejoin(GroupMember member, GroupInput.Join join, DateTimeOffset now)
    {
        var changed = !member.HasSameProtocols(join.Protocols);
        member.Update(join);
        member.Refresh(now);
        var mustRebalance = State switch
        {
            GroupState.PreparingRebalance => true,
            GroupState.CompletingRebalance => changed,
            _ => changed || member.Id == LeaderId,
        };
        if (mustRebalance)
        {
            Await(member, join.Ticket);
            PrepareRebalance(now);
        }
        else
        {
            AnswerJoin(member, join.Ticket);
        }
    }

    /// <summary>
    /// A static member restarted: it takes the place of its former self without a rebalance, if the strategy stays the same. A client that
    /// cannot be told to skip the assignment is not told that it leads, for it would assign anew (KIP-814).
    /// </summary>
    private void ReplaceStatic(GroupMember member, GroupInput.Join join, DateTimeOffset now)
    {
        AnswerWaiting(member, ErrorCode.FencedInstanceId);
        var formerId = member.Id;
        var leads = LeaderId == formerId;
        _members.Remove(formerId);
        member.Rename(join.NewMemberId);
        member.Update(join);
        member.Refresh(now);
        _members.Add(member.Id, member);
        _memberOfInstance[join.InstanceId!] = member.Id;
        LeaderId = leads ? member.Id : LeaderId;
        if (State == GroupState.Stable && SelectProtocol() == ProtocolName)
        {
            _answers.Add(JoinAnswer(member, join.Ticket) with
            {
                LeaderId = leads && !join.CanSkipAssignment ? formerId : LeaderId!,
                SkipAssignment = leads && join.CanSkipAssignment,
                Members = leads && join.CanSkipAssignment ? DescribeForLeader() : [],
            });
            return;
        }

        Await(member, join.Ticket);
        PrepareRebalance(now);
    }

    /// <summary>Lets the member wait; an earlier join of it (its connection broke) is answered, for nobody else will.</summary>
    private void Await(GroupMember member, long ticket)
    {
        AnswerWaiting(member, ErrorCode.RebalanceInProgress);
        member.JoinTicket = ticket;
    }

    private void AnswerJoin(GroupMember member, long ticket) => _answers.Add(JoinAnswer(member, ticket));

    private GroupAnswer.Joined JoinAnswer(GroupMember member, long ticket) => new(
        ticket, ErrorCode.None, member.Id, Generation, ProtocolType, ProtocolName, LeaderId!, false, member.Id == LeaderId ? DescribeForLeader() : []);

    private List<JoinedMember> DescribeForLeader() =>
        [.. _members.Values.Select(m => new JoinedMember(m.Id, m.InstanceId, m.MetadataFor(ProtocolName)))];

    private void Refuse(GroupInput.Join join, ErrorCode error) => _answers.Add(new GroupAnswer.Joined(join.Ticket, error, join.MemberId));
}
