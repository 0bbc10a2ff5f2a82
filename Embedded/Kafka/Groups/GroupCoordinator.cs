using Microsoft.Extensions.Logging;
using Streaming.Embedded.Kafka.Protocol;

namespace Streaming.Embedded.Kafka.Groups;

/// <summary>
/// The shell around the groups: one lock, the waiting requests by ticket, the clock, and the committed offsets. Everything under the lock is short
/// and does not wait, except for the journal's write.
/// </summary>
internal sealed partial class GroupCoordinator : IDisposable
{
    private static readonly TimeSpan ForgetInterval = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Group> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<long, TaskCompletionSource<GroupAnswer>> _waiting = [];
    private readonly Dictionary<string, DateTimeOffset> _idleSince = new(StringComparer.Ordinal);
    private readonly GroupSettings _settings;
    private readonly OffsetStore _offsets;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly DateTimeOffset _started;
    private readonly ITimer _timer;
    private readonly ITimer _forgetting;
    private DateTimeOffset? _timerDue;
    private long _lastTicket;

    /// <summary>Takes over the offsets.</summary>
    public GroupCoordinator(GroupSettings settings, OffsetStore offsets, TimeProvider time, ILogger<GroupCoordinator> logger)
    {
        (_settings, _offsets, _time, _logger, _started) = (settings, offsets, time, logger, time.GetUtcNow());
        _forgetting = time.CreateTimer(static self => ((GroupCoordinator)self!).ForgetIdle(), this, ForgetInterval, ForgetInterval);
        _timer = time.CreateTimer(static self => ((GroupCoordinator)self!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Feeds an input to its group; the answer may take until other members have joined or synced.</summary>
    public async Task<TAnswer> AskAsync<TAnswer>(string groupId, Func<long, GroupInput> input, CancellationToken cancellationToken)
        where TAnswer : GroupAnswer
    {
        var answer = new TaskCompletionSource<GroupAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        long ticket;
        lock (_gate)
        {
            ticket = ++_lastTicket;
            _waiting.Add(ticket, answer);
            if (!_groups.TryGetValue(groupId, out var group))
            {
                _groups.Add(groupId, group = new Group(groupId, _settings));
            }

            Feed(group, input(ticket));
        }

        try
        {
            return (TAnswer)await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _waiting.Remove(ticket);
            }
        }
    }

    public ErrorCode Delete(string groupId)
    {
        lock (_gate)
        {
            if (_groups.ContainsKey(groupId))
            {
                // Also one that has only promised member ids: somebody is about to join.
                return ErrorCode.NonEmptyGroup;
            }

            if (!_offsets.Contains(groupId))
            {
                return ErrorCode.GroupIdNotFound;
            }

            Forget(groupId);
            return ErrorCode.None;
        }
    }

    /// <summary>What a view makes of every group; a group that only has offsets is shown as an empty one.</summary>
    public List<T> View<T>(Func<Group, T> view)
    {
        lock (_gate)
        {
            var onlyOffsets = _offsets.Groups.Where(id => !_groups.ContainsKey(id)).Select(id => new Group(id, _settings));
            return [.. _groups.Values.Concat(onlyOffsets).Select(view)];
        }
    }

    /// <summary>What a view makes of one group, or of null if it does not exist.</summary>
    public T View<T>(string groupId, Func<Group?, T> view)
    {
        lock (_gate)
        {
            return view(_groups.TryGetValue(groupId, out var group) ? group : _offsets.Contains(groupId) ? new Group(groupId, _settings) : null);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _forgetting.Dispose();
        lock (_gate)
        {
            foreach (var answer in _waiting.Values)
            {
                answer.TrySetCanceled();
            }

            _offsets.Dispose();
        }
    }

    private void Feed(Group group, GroupInput input)
    {
        foreach (var answer in group.Handle(input, _time.GetUtcNow()))
        {
            // Nobody waits any more when the connection is gone.
            if (_waiting.Remove(answer.Ticket, out var waiting))
            {
                waiting.SetResult(answer);
            }
        }

        // A group that nobody is in is kept as its offsets alone.
        if (group.IsUnused)
        {
            _groups.Remove(group.Id);
            if (_offsets.Contains(group.Id))
            {
                _idleSince[group.Id] = _time.GetUtcNow();
            }
        }
        else if (group.NextDeadline() is { } deadline && (_timerDue is null || deadline < _timerDue))
        {
            SetTimer(deadline);
        }
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            _timerDue = null;
            var now = _time.GetUtcNow();
            foreach (var group in _groups.Values.ToList())
            {
                if (group.NextDeadline() <= now)
                {
                    Feed(group, new GroupInput.Tick());
                }
            }

            var next = _groups.Values.Select(static g => g.NextDeadline()).Where(static d => d is not null).DefaultIfEmpty(null).Min();
            if (next is { } deadline && (_timerDue is null || deadline < _timerDue))
            {
                SetTimer(deadline);
            }
        }
    }

    private void SetTimer(DateTimeOffset due)
    {
        _timerDue = due;
        var wait = due - _time.GetUtcNow();
        _timer.Change(wait > TimeSpan.FromMilliseconds(1) ? wait : TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }
}
