using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Windowing;

/// <summary>
/// Where the open sessions lie that are stored and not in memory, by the hash of their key: some 40 bytes each. Two keys of one hash only make that one is
/// looked for in vain.
/// </summary>
internal sealed class StoredSessions
{
    // Most keys have one.
    private readonly Dictionary<int, Window> _first = [];
    private readonly Dictionary<int, List<Window>> _more = [];

    public int Count { get; private set; }

    /// <summary>No stored session ends before it.</summary>
    public long FirstEndMs { get; private set; } = long.MaxValue;

    public void Add(int keyHash, Window session)
    {
        if (!_first.TryAdd(keyHash, session))
        {
            if (!_more.TryGetValue(keyHash, out List<Window>? more))
            {
                _more.Add(keyHash, more = []);
            }

            more.Add(session);
        }

        Count++;
        FirstEndMs = Math.Min(FirstEndMs, session.EndMs);
    }

    /// <summary>It is in memory now.</summary>
    public void Remove(int keyHash, Window session)
    {
        if (_more.TryGetValue(keyHash, out List<Window>? more) && more.Remove(session))
        {
            Count--;
            if (more.Count == 0)
            {
                _more.Remove(keyHash);
            }
        }
        else if (_first.TryGetValue(keyHash, out Window first) && first == session)
        {
            Count--;
            if (more is null)
            {
                _first.Remove(keyHash);
            }
            else
            {
                _first[keyHash] = more[^1];
                more.RemoveAt(more.Count - 1);
                if (more.Count == 0)
                {
                    _more.Remove(keyHash);
                }
            }
        }
    }

    /// <summary>Those that end after the moment and may be the key's.</summary>
    public List<Window> EndingAfter(int keyHash, long momentMs)
    {
        var found = new List<Window>();
        if (_first.TryGetValue(keyHash, out Window first))
        {
            found.Add(first);
            found.AddRange(_more.GetValueOrDefault(keyHash) ?? []);
            found.RemoveAll(session => session.EndMs <= momentMs);
        }

        return found;
    }

    /// <summary>Takes out those that end at the moment or before; returns the earliest start of them, null when there are none.</summary>
    public long? TakeDue(long momentMs)
    {
        if (FirstEndMs > momentMs)
        {
            return null;
        }

        List<(int KeyHash, Window Session)> due = [.. All().Where(stored => stored.Session.EndMs <= momentMs)];
        foreach ((int keyHash, Window session) in due)
        {
            Remove(keyHash, session);
        }

        FirstEndMs = All().Select(stored => stored.Session.EndMs).DefaultIfEmpty(long.MaxValue).Min();
        return due.Count == 0 ? null : due.Min(stored => stored.Session.StartMs);
    }

    private IEnumerable<(int KeyHash, Window Session)> All() =>
        _first.Select(entry => (entry.Key, entry.Value)).Concat(_more.SelectMany(entry => entry.Value.Select(session => (entry.Key, session))));
}
