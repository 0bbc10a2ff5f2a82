using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Windowing;

/// <summary>
/// Sessions: an event brings the interval [event time, event time + gap), and intervals of one key that overlap are one session. An event joins two at the
/// most, because each is at least as long as its own. The key of a session's row is its interval, so the row of before is removed when a session grows.
/// Invariant: a key is in memory with all its open sessions, or with none; of those that are stored only, it is known where they lie. An event that one of them
/// might take waits until the key's sessions are here, since they decide what becomes of it.
/// </summary>
internal sealed partial class Sessions : WindowKeeper
{
    private readonly Dictionary<GroupKey, KeySessions> _keys = new(GroupKeyComparer.Instance);
    private readonly Dictionary<GroupKey, KeySessions>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;

    // Each open session once, by its end when it was put in; it may have grown since, or be gone.
    private readonly PriorityQueue<Session, long> _byEnd = new();
    private readonly List<Session> _changed = [];
    private readonly List<Session> _closed = [];
    private readonly List<RemovedRow> _removed = [];

    private readonly long _gapMs;
    private int _open;
    private long _bytes;

    public Sessions(SessionWindows of, int kind, MeasurePlan measures)
        : base(of, kind, measures)
    {
        _gapMs = WindowPlan.Ms(of.Gap);
        _byBytes = _keys.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public override int OpenWindows => _open + _stored.Count;

    public override long ApproximateBytes => _bytes + FixedBytes;

    public override bool Add(ReadOnlySpan<byte> key, in EventValues e, out long lastEndMs)
    {
        var interval = new Window(e.EventTimeMs, e.EventTimeMs + _gapMs);
        lastEndMs = interval.EndMs;
        bool isKnown = _byBytes.TryGetValue(key, out KeySessions? sessions);
        int at = isKnown ? sessions!.FirstEndingAfter(interval.StartMs) : 0;
        if (isKnown && Overlaps(sessions!, at, interval))
        {
            Join(sessions!, at, interval, e);
            return true;
        }

        if (interval.EndMs <= ClosedEndMs)
        {
            CountLate(interval, isKnown ? sessions!.Key : new GroupKey(key));
            return false;
        }

        sessions ??= NewKey(new GroupKey(key));
        Session session = Begin(sessions, at, new Session(sessions, interval));
        Touch(session);
        Add(session, interval, e);
        return true;
    }

    public override void Load(WindowRow row)
    {
        KeySessions sessions = _keys.GetValueOrDefault(row.Key) ?? NewKey(row.Key);
        int at = sessions.FirstEndingAfter(row.Window.StartMs);
        if (row.IsPane || row.Window.EndMs - row.Window.StartMs < _gapMs || Overlaps(sessions, at, row.Window))
        {
            throw NoOpenRow(row);
        }

        Begin(sessions, at, new Session(sessions, row.Window, new Measured(row.Measures, row.State))).Taken();
    }

    protected override void TakeRows(ChangeLists changes)
    {
        foreach (Session session in _changed.Where(session => !session.IsGone))
        {
            Remove(session);
            changes.Open.Add(session.Row(Of, isFinal: false));
            session.Taken();
        }

        long? storedStartMs = _stored.TakeDue(ClosedEndMs);
        changes.Removed.AddRange(_removed);
        if (storedStartMs is { } startMs)
        {
            TakeClosedToStored(startMs, changes);
        }
        else
        {
            changes.Closed.AddRange(_closed.OrderBy(session => session.Window.EndMs).ThenBy(session => session.Owner.Key).Select(session => session.Row(Of, isFinal: true)));
        }

        _changed.Clear();
        _closed.Clear();
        _removed.Clear();
        ForgetEmpty();
    }

    protected override void CloseDue()
    {
        while (_byEnd.TryPeek(out Session? session, out long endMs) && endMs <= ClosedEndMs)
        {
            _byEnd.Dequeue();
            if (session.Window.EndMs > endMs && !session.IsGone)
            {
                _byEnd.Enqueue(session, session.Window.EndMs);
            }
            else if (!session.IsGone)
            {
                Close(session);
            }
        }

        NextEndMs = _byEnd.TryPeek(out _, out long next) ? next : long.MaxValue;
    }

    private void Close(Session session)
    {
        Remove(session);
        _closed.Add(session);
        session.IsGone = true;
        Forget(session);
        if (session.Owner.Open.Count == 0)
        {
            Forget(session.Owner);
        }
    }

    private void Join(KeySessions sessions, int at, Window interval, in EventValues e)
    {
        Session session = sessions.Open[at];
        Touch(session);
        Add(session, interval, e);
        if (Overlaps(sessions, at + 1, interval))
        {
            Join(session, sessions.Open[at + 1]);
        }
    }

    private void Join(Session session, Session other)
    {
        Forget(other);
        _bytes -= session.StateBytes;
        session.Join(other);
        _bytes += session.StateBytes;
        Remove(other);
    }

    private void Add(Session session, Window interval, in EventValues e)
    {
        _bytes -= StateBytes(session);
        session.Add(interval, Plan, e);
        _bytes += StateBytes(session);
    }

    private void Touch(Session session)
    {
        if (!session.HasNewEvents)
        {
            _changed.Add(session);
            session.Owner.TouchedAt = Takes;
        }
    }

    // Plans without a state are spared the question.
    private long StateBytes(Session session) => Plan.NeedsState ? session.StateBytes : 0;

    private void Remove(Session session)
    {
        if (session.FormerRow(Of) is { } former)
        {
            _removed.Add(former);
        }
    }

    private void Forget(KeySessions sessions)
    {
        _keys.Remove(sessions.Key);
        _bytes -= Cost.Key + sessions.Key.Utf8.Length;
    }

    private void Forget(Session session)
    {
        session.Owner.Open.Remove(session);
        _open--;
        _bytes -= Cost.Session + session.StateBytes;
    }

    private Session Begin(KeySessions sessions, int at, Session session)
    {
        sessions.Open.Insert(at, session);
        _open++;
        _bytes += Cost.Session + session.StateBytes;
        _byEnd.Enqueue(session, session.Window.EndMs);
        NextEndMs = Math.Min(NextEndMs, session.Window.EndMs);
        return session;
    }

    private KeySessions NewKey(GroupKey key)
    {
        _bytes += Cost.Key + key.Utf8.Length;
        var sessions = new KeySessions(key) { TouchedAt = Takes };
        _keys.Add(key, sessions);
        return sessions;
    }

    // The session at the index is the first that ends after the interval's start, or comes later.
    private static bool Overlaps(KeySessions sessions, int at, Window interval) =>
        at < sessions.Open.Count && sessions.Open[at].Window.StartMs < interval.EndMs;
}
