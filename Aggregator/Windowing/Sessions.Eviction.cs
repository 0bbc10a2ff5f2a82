using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Windowing;

/// <summary>What concerns sessions that are stored and not in memory.</summary>
internal sealed partial class Sessions
{
    private readonly StoredSessions _stored = new();
    private readonly HashSet<GroupKey> _wanted = new(GroupKeyComparer.Instance);
    private readonly List<KeySessions> _brought = [];

    public override long FixedBytes => _stored.Count * (long)Cost.StoredSession;

    public override bool MayWait => _stored.Count > 0;

    public override long WantedRows => _wanted.Count;

    public override void Leave(in StoredRows stored)
    {
        if (stored.IsPane || stored.Window.EndMs - stored.Window.StartMs < _gapMs)
        {
            throw new ArgumentException($"No session of this pipeline: {stored}.", nameof(stored));
        }

        _stored.Add(stored.KeyHash, stored.Window);
    }

    public override void Survey(EvictionSurvey survey)
    {
        foreach (KeySessions sessions in _keys.Values.Where(sessions => sessions.IsEvictable))
        {
            survey.Count(sessions.TouchedAt, BytesOf(sessions) - (sessions.Open.Count * (long)Cost.StoredSession));
        }
    }

    public override void Evict(int touchedUpTo)
    {
        int before = _keys.Count;
        foreach (KeySessions sessions in _keys.Values.Where(sessions => sessions.TouchedAt <= touchedUpTo && sessions.IsEvictable))
        {
            foreach (Session session in sessions.Open)
            {
                session.IsGone = true;
                _stored.Add(sessions.Key.GetHashCode(), session.Window);
            }

            _bytes -= BytesOf(sessions);
            _open -= sessions.Open.Count;
            _keys.Remove(sessions.Key);
        }

        if (_keys.Count < before)
        {
            _keys.TrimExcess();
            DropGone();
        }
    }

    public override bool Wants(ReadOnlySpan<byte> key, in EventValues e)
    {
        if (_byBytes.ContainsKey(key) || _stored.EndingAfter(GroupKey.HashOf(key), ClosedEndMs).Count == 0)
        {
            return false;
        }

        _wanted.Add(new GroupKey(key));
        return true;
    }

    public override void TakeWanted(List<WantedKey> wanted)
    {
        wanted.AddRange(_wanted.Select(key => new WantedKey(Of, key, _stored.EndingAfter(key.GetHashCode(), ClosedEndMs), IsPane: false)));
        _wanted.Clear();
    }

    /// <summary>Those that are due stay in PostgreSQL: the next checkpoint closes them there.</summary>
    public override void Bring(WindowRow row)
    {
        KeySessions sessions = Known(row.Key);
        int at = sessions.FirstEndingAfter(row.Window.StartMs);
        if (row.Window.EndMs > ClosedEndMs && !Overlaps(sessions, at, row.Window))
        {
            _stored.Remove(row.Key.GetHashCode(), row.Window);
            Begin(sessions, at, new Session(sessions, row.Window, new Measured(row.Measures, row.State))).Taken();
        }
    }

    public override void Brought(GroupKey key) => Known(key);

    /// <summary>Of what closes, some is in PostgreSQL only. So that all of it closes in one order, what is here is written as it stands and closes there too.</summary>
    private void TakeClosedToStored(long storedStartMs, ChangeLists changes)
    {
        changes.Open.AddRange(_closed.Where(session => session.HasNewEvents).Select(session => session.Row(Of, isFinal: false)));
        long startMs = _closed.Select(session => session.Window.StartMs).Append(storedStartMs).Min();
        changes.Stored.Add(new StoredClosing(Of, Kind, new Window(startMs, ClosedEndMs), StoredKind.Sessions));
    }

    // The queue would keep what is gone in memory until its time.
    private void DropGone()
    {
        List<(Session Session, long EndMs)> kept = [.. _byEnd.UnorderedItems.Where(item => !item.Element.IsGone)];
        _byEnd.Clear();
        _byEnd.EnqueueRange(kept);
        _byEnd.TrimExcess();
    }

    // A key that was looked for and has no session is known only until the take: nothing else would take it out.
    private void ForgetEmpty()
    {
        foreach (KeySessions sessions in _brought.Where(sessions => sessions.Open.Count == 0 && _keys.GetValueOrDefault(sessions.Key) == sessions))
        {
            Forget(sessions);
        }

        _brought.Clear();
    }

    private KeySessions Known(GroupKey key)
    {
        if (!_keys.TryGetValue(key, out KeySessions? sessions))
        {
            sessions = NewKey(key);
            _brought.Add(sessions);
        }

        return sessions;
    }

    private static long BytesOf(KeySessions sessions) =>
        Cost.Key + sessions.Key.Utf8.Length + (sessions.Open.Count * (long)Cost.Session) + sessions.Open.Sum(session => (long)session.StateBytes);
}
