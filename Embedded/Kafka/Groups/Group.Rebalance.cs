using Streaming.Embedded.Kafka.Protocol;

namespace Streaming.Embedded.Kafka.Groups;

/// <summary>From one generation to the next.</summary>
internal sealed partial class Group
{
    /// <summary>When the rebalance goes on without those who have not joined; null: none is being prepared.</summary>
    private DateTimeOffset? _joinDeadline;

    /// <summary>End of the initial delay, however often it is extended; null: this is not an empty group's first rebalance.</summary>
    private DateTimeOffset? _initialDelayLimit;

    /// <summary>When members that have not asked for their assignment are out; null: all have.</summary>
    private DateTimeOffset? _syncDeadline;

    /// <summary>Members with which the present generation began.</summary>
    private int _generationSize;

    private TimeSpan LongestRebalanceTimeout => _members.Count == 0 ? TimeSpan.Zero : _members.Values.Max(static m => m.RebalanceTimeout);

    private void PrepareRebalance(DateTimeOffset now)
    {
        if (State != GroupState.PreparingRebalance)
        {
            var first = State == GroupState.Empty;
            foreach (var member in _members.Values)
            {
                member.Assignment = [];
                if (member.SyncTicket is not null)
                {
                    // It was made to wait: its session begins anew.
                    member.Refresh(now);
                    AnswerSync(member, ErrorCode.RebalanceInProgress);
                }
            }

            State = GroupState.PreparingRebalance;
            _syncDeadline = null;
            _initialDelayLimit = first ? now + LongestRebalanceTimeout : null;
            _joinDeadline = now + (first ? Shorter(settings.InitialRebalanceDelay, LongestRebalanceTimeout) : LongestRebalanceTimeout);
        }

        CompleteJoinIfAllThere(now);
    }

    private void ExtendInitialDelay(DateTimeOffset now)
    {
        if (_initialDelayLimit is { } limit)
        {
            var extended = now + settings.InitialRebalanceDelay;
            _joinDeadline = extended < limit ? extended : limit;
        }
    }

    private void CompleteJoinIfAllThere(DateTimeOffset now)
    {
        var initial = _initialDelayLimit is not null && settings.InitialRebalanceDelay > TimeSpan.Zero;
        var allThere = !initial && _promised.Count == 0 && _members.Values.All(static m => m.JoinTicket is not null);
        if (allThere || _members.Count == 0)
        {
            CompleteJoin(now);
        }
    }

    private void CompleteJoin(DateTimeOffset now)
    {
        foreach (var absent in _members.Values.Where(static m => m.JoinTicket is null && m.InstanceId is null).ToList())
        {
            Remove(absent, ErrorCode.UnknownMemberId);
        }

        _initialDelayLimit = null;
        if (_members.Count == 0)
        {
            BecomeEmpty();
            return;
        }

        var joined = _members.Values.Where(static m => m.JoinTicket is not null).ToList();
        if (joined.Count == 0)
        {
            // Only static members are left and none has come: they stay until their sessions end.
            _joinDeadline = now + LongestRebalanceTimeout;
            return;
        }

        BeginGeneration(joined, now);
    }

    private void BeginGeneration(List<GroupMember> joined, DateTimeOffset now)
    {
        if (LeaderId is null || !_members.TryGetValue(LeaderId, out var leader) || leader.JoinTicket is null)
        {
            LeaderId = joined[0].Id;
        }

        Generation++;
        _generationSize = _members.Count;
        ProtocolName = SelectProtocol();
        State = GroupState.CompletingRebalance;
        _joinDeadline = null;
        _syncDeadline = now + LongestRebalanceTimeout;
        foreach (var member in _members.Values)
        {
            member.HasSynced = false;
            member.Assignment = [];
        }

        foreach (var member in joined)
        {
            AnswerJoin(member, member.JoinTicket!.Value);
            member.JoinTicket = null;
            member.IsNew = false;
            member.Refresh(now);
        }
    }

    private void BecomeEmpty()
    {
        State = GroupState.Empty;
        Generation++;
        ProtocolName = null;
        LeaderId = null;
        _joinDeadline = _syncDeadline = _initialDelayLimit = null;
    }

    /// <summary>Among the strategies that all speak, the one that most members like best; ties go to the first by name.</summary>
    private string SelectProtocol()
    {
        var common = _members.Values.First().Protocols.Select(static p => p.Name)
            .Where(name => _members.Values.All(m => m.Speaks(name))).ToHashSet(StringComparer.Ordinal);
        return _members.Values.Select(m => m.Protocols.First(p => common.Contains(p.Name)).Name)
            .GroupBy(static name => name, StringComparer.Ordinal)
            .OrderByDescending(static votes => votes.Count()).ThenBy(static votes => votes.Key, StringComparer.Ordinal)
            .First().Key;
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
