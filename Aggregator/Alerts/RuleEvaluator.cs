using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Alerts;

/// <summary>
/// One rule over all keys of one input partition. Pure: windows and a moment of event time in, transitions and changed states out.
/// <para>
/// A window without a row is judged too, but nobody goes through all keys for it: each state has a timer, set to the first moment at which its windows
/// without rows would change something that can be seen. Between two such moments they are passed over in one step, so a watermark that jumps by a year
/// costs no more than one that jumps by an hour. Invariant: after each call, no timer at or before the moment that was reached is left.
/// </para>
/// </summary>
internal sealed class RuleEvaluator
{
    private const int MostTimersPerState = 4;
    private const int BytesPerState = 400;

    private readonly AlertRule _rule;
    private readonly Condition _condition;
    private readonly WindowEnds? _ends;
    private readonly Reading? _valueOfNothing;
    private readonly long _forMs;
    private readonly long _forgetMs;
    private readonly Dictionary<GroupKey, KeyState> _states = [];
    private readonly PriorityQueue<(GroupKey Key, KeyState State), long> _timers = new();
    private readonly HashSet<GroupKey> _changed = [];
    private List<Transition> _transitions = [];

    /// <param name="rule">The rule.</param>
    /// <param name="windows">The windows that it judges.</param>
    /// <param name="valueOfNothing">What its measure says of a window without events: zero for counts and sums, else nothing.</param>
    public RuleEvaluator(AlertRule rule, WindowSpec windows, Reading? valueOfNothing)
    {
        _rule = rule;
        _condition = Condition.Of(rule);
        _ends = WindowEnds.Of(windows);
        _valueOfNothing = valueOfNothing;
        _forMs = rule.For.Ticks / TimeSpan.TicksPerMillisecond;
        _forgetMs = rule.ForgetAfter.Ticks / TimeSpan.TicksPerMillisecond;
    }

    /// <summary>Keys that it remembers something of.</summary>
    public int Keys => _states.Count;

    /// <summary>About how many bytes of memory they take, each with its key and its timer.</summary>
    public long ApproximateBytes => _states.Count * (BytesPerState + (sizeof(double) * (long)_condition.BaselineSize));

    /// <summary>Takes a state as it was written.</summary>
    /// <exception cref="AlertStateException">The text is no state.</exception>
    public void Load(StoredAlertState stored)
    {
        var state = AlertStateJson.Decode(stored.State, stored.IsFiring, _condition.BaselineSize);
        _states.Add(stored.Key, state);
        SetTimer(stored.Key, state);
    }

    /// <summary>Judges a window that closed with events in it; those of one key come in the order of their ends.</summary>
    public void Take(GroupKey key, Window window, Reading? reading)
    {
        if (_states.TryGetValue(key, out var known))
        {
            PassOver(key, known, window.EndMs - 1);
        }

        var state = known is { IsGone: false } ? known : NewState();
        state.SeenMs = window.EndMs;
        Judge(key, state, window, reading, hasEvents: true);
        if (!IsNothing(state))
        {
            _states[key] = state;
            _changed.Add(key);
            SetTimer(key, state);
        }
        else if (state == known)
        {
            Remove(key, state);
        }
    }

    /// <summary>Every window that ends at or before this moment has closed, and those with rows have been taken.</summary>
    public void Reach(long closedMs)
    {
        while (_timers.TryPeek(out var timer, out var dueMs) && dueMs <= closedMs)
        {
            _timers.Dequeue();
            var (key, state) = timer;
            if (state.IsGone || state.QueuedMs != dueMs)
            {
                continue;
            }

            state.QueuedMs = long.MaxValue;
            if (Due(state) == dueMs)
            {
                PassOver(key, state, dueMs);
            }

            if (!state.IsGone)
            {
                SetTimer(key, state);
            }
        }
    }

    /// <summary>What happened since the last call; transitions in no particular order.</summary>
    public (List<StateChange> States, List<Transition> Transitions) TakeChanges()
    {
        var states = _changed.Order().Select(key => _states.TryGetValue(key, out var state)
            ? new StateChange(_rule.Name, key, state.IsFiring, AlertStateJson.Encode(state))
            : new StateChange(_rule.Name, key, IsFiring: false, State: null)).ToList();
        var transitions = _transitions;
        _transitions = [];
        _changed.Clear();
        return (states, transitions);
    }

    /// <summary>Judges the windows without rows that end at or before this moment, and forgets the key if that is due.</summary>
    private void PassOver(GroupKey key, KeyState state, long throughMs)
    {
        var forgetMs = state.SeenMs + _forgetMs;
        var lastMs = Math.Min(throughMs, forgetMs - 1);
        if (_ends is not null)
        {
            PassOverWindows(key, state, _ends, lastMs);
        }

        if (forgetMs <= throughMs)
        {
            if (state.IsFiring)
            {
                _transitions.Add(new Transition(_rule, key, IsFiring: false, new Window(state.SeenMs, forgetMs), null, null, IsForgotten: true));
            }

            Remove(key, state);
        }
    }

    private void PassOverWindows(GroupKey key, KeyState state, WindowEnds ends, long lastMs)
    {
        var endMs = ends.After(state.JudgedMs);
        for (; endMs <= lastMs && !IsSettled(state); endMs = ends.After(endMs))
        {
            _changed.Add(key);
            Judge(key, state, ends.Ending(endMs), _valueOfNothing, hasEvents: false);
        }

        if (endMs > lastMs)
        {
            return;
        }

        // From here on every window without a row says the same: the first one counts, and the one with which the condition has held long enough.
        _changed.Add(key);
        Judge(key, state, ends.Ending(endMs), _valueOfNothing, hasEvents: false);
        if (FiresAt(state, ends) is { } fires && fires <= lastMs)
        {
            Judge(key, state, ends.Ending(fires), _valueOfNothing, hasEvents: false);
        }

        state.JudgedMs = lastMs;
    }

    private void Judge(GroupKey key, KeyState state, Window window, Reading? reading, bool hasEvents)
    {
        var judgement = _condition.Judge(reading, hasEvents, state.Baseline);
        state.JudgedMs = window.EndMs;
        if (reading is { } value)
        {
            state.Baseline?.Add(value.Number);
        }

        state.HoldsSinceMs = judgement.Outcome == Outcome.Holds ? state.HoldsSinceMs ?? window.StartMs : null;
        var fires = state.IsFiring
            ? judgement.Outcome != Outcome.IsClear
            : state.HoldsSinceMs is { } since && window.EndMs - since >= _forMs;
        if (fires != state.IsFiring)
        {
            state.IsFiring = fires;
            _transitions.Add(new Transition(_rule, key, fires, window, judgement.Value, judgement.Threshold));
        }
    }

    /// <summary>Without events every further window would be judged as the one before: the previous values, if it looks at any, no longer change.</summary>
    private bool IsSettled(KeyState state) => state.Baseline is null || _valueOfNothing is null || state.Baseline.IsFullOfZeros;

    /// <summary>If the condition holds and goes on holding: the end of the window with which the alert fires.</summary>
    private long? FiresAt(KeyState state, WindowEnds ends) => state is { IsFiring: false, HoldsSinceMs: { } since }
        ? ends.After(Math.Max(state.JudgedMs, since + _forMs - 1))
        : null;

    /// <summary>The first moment at which something can be seen if no event comes.</summary>
    private long Due(KeyState state)
    {
        var forgetMs = state.SeenMs + _forgetMs;
        return _ends is null ? forgetMs : Math.Min(forgetMs, DueByWindows(state, _ends));
    }

    private long DueByWindows(KeyState state, WindowEnds ends)
    {
        var nextMs = ends.After(state.JudgedMs);
        if (!IsSettled(state))
        {
            return nextMs;
        }

        return _condition.Judge(_valueOfNothing, hasEvents: false, state.Baseline).Outcome switch
        {
            Outcome.Holds when !state.IsFiring =>
                ends.After(Math.Max(state.JudgedMs, (state.HoldsSinceMs ?? ends.Ending(nextMs).StartMs) + _forMs - 1)),
            Outcome.IsClear when state.IsFiring => nextMs,
            _ => long.MaxValue,
        };
    }

    /// <summary>Nothing here makes a difference to any later window, so it need not be remembered.</summary>
    private bool IsNothing(KeyState state) => state is { IsFiring: false, HoldsSinceMs: null, Baseline: null }
        && (_ends is null || _condition.Judge(_valueOfNothing, hasEvents: false, null).Outcome != Outcome.Holds);

    private KeyState NewState() => new() { Baseline = _condition.BaselineSize > 0 ? new Baseline(_condition.BaselineSize, []) : null };

    private void Remove(GroupKey key, KeyState state)
    {
        _states.Remove(key);
        state.IsGone = true;
        _changed.Add(key);
    }

    /// <summary>
    /// Makes sure that a timer goes off when the state is due, or earlier. One that has become too early stays: when it goes off it is set anew. So a key with
    /// events in every window has one timer, not one for each of them.
    /// </summary>
    private void SetTimer(GroupKey key, KeyState state)
    {
        var due = Due(state);
        if (due >= state.QueuedMs)
        {
            return;
        }

        state.QueuedMs = due;
        _timers.Enqueue((key, state), due);
        if (_timers.Count > MostTimersPerState * (_states.Count + 16))
        {
            DropDeadTimers();
        }
    }

    /// <summary>Timers of states that are gone, or that have an earlier one, would stay until their time.</summary>
    private void DropDeadTimers()
    {
        _timers.Clear();
        foreach (var (key, state) in _states)
        {
            state.QueuedMs = Due(state);
            _timers.Enqueue((key, state), state.QueuedMs);
        }
    }
}
