using Streaming.Embedded.Kafka.Protocol;

namespace Streaming.Embedded.Kafka.Groups;

/// <summary>The committed offsets, and those that wait for the end of a transaction.</summary>
internal sealed partial class GroupCoordinator
{
    /// <summary>False if the group would be one more than there may be.</summary>
    public bool HasRoomFor(string groupId)
    {
        lock (_gate)
        {
            return _groups.ContainsKey(groupId) || _offsets.Contains(groupId) || _groups.Count + _offsets.Groups.Count < _settings.MaxGroups;
        }
    }

    /// <summary>Commits offsets if the member may; durable when it returns None.</summary>
    /// <exception cref="IOException">The disk refuses; nothing has changed.</exception>
    public ErrorCode Commit(
        string groupId, MemberIdentity member, int generation, IReadOnlyCollection<KeyValuePair<TopicPartition, CommittedOffset>> offsets)
    {
        lock (_gate)
        {
            if (!HasRoomFor(groupId))
            {
                return ErrorCode.GroupMaxSizeReached;
            }

            var error = _groups.TryGetValue(groupId, out var group)
                ? group.CheckCommit(member, generation, _time.GetUtcNow())
                : generation < 0 ? ErrorCode.None : ErrorCode.IllegalGeneration;
            if (error == ErrorCode.None)
            {
                _offsets.Commit(groupId, offsets);
                _idleSince[groupId] = _time.GetUtcNow();
            }

            return error;
        }
    }

    /// <summary>Keeps offsets for the producer's transaction if the member may commit; durable when it returns None.</summary>
    /// <exception cref="IOException">The disk refuses; nothing has changed.</exception>
    public ErrorCode CommitPending(
        string groupId, long producerId, MemberIdentity member, int generation, IReadOnlyCollection<KeyValuePair<TopicPartition, CommittedOffset>> offsets)
    {
        lock (_gate)
        {
            if (!HasRoomFor(groupId))
            {
                return ErrorCode.GroupMaxSizeReached;
            }

            var error = _groups.TryGetValue(groupId, out var group)
                ? group.CheckTransactionalCommit(member, generation)
                : generation < 0 ? ErrorCode.None : ErrorCode.IllegalGeneration;
            if (error == ErrorCode.None && _offsets.PendingBytes + offsets.Sum(static o => PendingOffsets.SizeOf(o.Value)) > _settings.MaxPendingOffsetBytes)
            {
                error = ErrorCode.PolicyViolation;
            }

            if (error == ErrorCode.None)
            {
                _offsets.CommitPending(groupId, producerId, offsets);
            }

            return error;
        }
    }

    /// <summary>The producer's transaction has ended: what it had pending in the group is committed, or gone. May be told again.</summary>
    /// <exception cref="IOException">The disk refuses; nothing has changed.</exception>
    public void EndPending(string groupId, long producerId, bool committed)
    {
        lock (_gate)
        {
            _offsets.EndPending(groupId, producerId, committed);
            if (_offsets.Contains(groupId))
            {
                _idleSince[groupId] = _time.GetUtcNow();
            }
        }
    }

    public Dictionary<TopicPartition, CommittedOffset> Offsets(string groupId)
    {
        lock (_gate)
        {
            return new Dictionary<TopicPartition, CommittedOffset>(_offsets.Of(groupId));
        }
    }

    /// <summary>What the group has committed, and the partitions in which a transaction is about to commit.</summary>
    public (Dictionary<TopicPartition, CommittedOffset> Committed, HashSet<TopicPartition> Pending) OffsetsAndPending(string groupId)
    {
        lock (_gate)
        {
            return (new Dictionary<TopicPartition, CommittedOffset>(_offsets.Of(groupId)), _offsets.PendingOf(groupId));
        }
    }

    /// <summary>Forgets offsets; a partition of a topic that a member of the group may read is left alone.</summary>
    public ErrorCode DeleteOffsets(string groupId, IReadOnlyCollection<TopicPartition> partitions, Func<byte[], IReadOnlyCollection<string>?> subscriptions,
        out HashSet<string> subscribed)
    {
        lock (_gate)
        {
            subscribed = [];
            if (!_groups.TryGetValue(groupId, out var group) && !_offsets.Contains(groupId))
            {
                return ErrorCode.GroupIdNotFound;
            }

            foreach (var member in group?.Members ?? [])
            {
                if (subscriptions(member.MetadataFor(group!.ProtocolName)) is not { } topics)
                {
                    return ErrorCode.NonEmptyGroup;
                }

                subscribed.UnionWith(topics);
            }

            var busy = subscribed;
            _offsets.Delete(groupId, partitions.Where(p => !busy.Contains(p.Topic)));
            return ErrorCode.None;
        }
    }

    public void OnTopicDeleted(string topic)
    {
        lock (_gate)
        {
            try
            {
                _offsets.DeleteTopic(topic);
            }
            catch (Exception error) when (error.IsDiskTrouble())
            {
                // The topic is gone all the same; the next start forgets them.
                Log.OffsetsNotForgotten(_logger, error);
            }
        }
    }

    /// <summary>Offsets that nobody has used for the retention time go (KIP-211). After a restart the time begins anew.</summary>
    private void ForgetIdle()
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            var idle = _offsets.Groups.Where(id => !_groups.ContainsKey(id) && !_offsets.HasPending(id)
                && now - _idleSince.GetValueOrDefault(id, _started) >= _settings.OffsetRetention).ToList();
            try
            {
                idle.ForEach(Forget);
            }
            catch (Exception error) when (error.IsDiskTrouble())
            {
                Log.OffsetsNotForgotten(_logger, error);
            }
        }
    }

    private void Forget(string groupId)
    {
        _offsets.DeleteGroup(groupId);
        _idleSince.Remove(groupId);
    }
}
