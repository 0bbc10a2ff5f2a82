using Streaming.Embedded.Kafka.Protocol;

namespace Streaming.Embedded.Kafka.Groups;

/// <summary>What the passing of time does, and how members go.</summary>
internal sealed partial class Group
{
    /// <summary>When <see cref="GroupInput.Tick"/> has something to do at the earliest; null: never.</summary>
    public DateTimeOffset? NextDeadline()
    {
        DateTimeOffset? next = _joinDeadline;
        Sooner(_syncDeadline);
        foreach (var promise in _promised.Values)
        {
            Sooner(promise);
        }

        foreach (var member in _members.Values)
        {
            Sooner(member.IsExpired(member.Deadline) ? member.Deadline : null);
        }

        return next;

        void Sooner(DateTimeOffset? other) => next = next is null || other < next ? other ?? next : next;
    }

    private void Expire(DateTimeOffset now)
    {
        var gone = _promised.Where(p => p.Value <= now).Select(static p => p.Key).ToList();
        gone.ForEach(id => _promised.Remove(id));
        var expired = _members.Values.Where(m => m.IsExpired(now) || (_syncDeadline <= now && !m.HasSynced)).ToList();
        expired.ForEach(m => Remove(m, ErrorCode.UnknownMemberId));
        _syncDeadline = _syncDeadline <= now ? null : _syncDeadline;
        if (gone.Count + expired.Count > 0)
        {
            AfterRemoval(now);
        }

        if (_joinDeadline <= now)
        {
            CompleteJoin(now);
        }
    }

    /// <summary>Takes a member out; the caller goes on with <see cref="AfterRemoval"/>, once for all that went together.</summary>
    private void Remove(GroupMember member, ErrorCode toldWhy)
    {
        AnswerWaiting(member, toldWhy);
        _members.Remove(member.Id);
        if (member.InstanceId is not null)
        {
            _memberOfInstance.Remove(member.InstanceId);
        }

        if (LeaderId == member.Id)
        {
            LeaderId = _members.Keys.FirstOrDefault();
        }
    }

    private void AfterRemoval(DateTimeOffset now)
    {
        // An id that was promised and given back may be all that a rebalance waits for.
        if (State == GroupState.PreparingRebalance)
        {
            CompleteJoinIfAllThere(now);
        }
        else if (State != GroupState.Empty && _members.Count < _generationSize)
        {
            PrepareRebalance(now);
        }
    }

    private void AnswerWaiting(GroupMember member, ErrorCode error)
    {
        if (member.JoinTicket is { } ticket)
        {
            member.JoinTicket = null;
            _answers.Add(new GroupAnswer.Joined(ticket, error, member.Id));
        }

        AnswerSync(member, error);
    }
}
