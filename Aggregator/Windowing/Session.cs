using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Windowing;

/// <summary>The open sessions of one key, by time: all that it has, or none of them would be here. They do not overlap.</summary>
internal sealed class KeySessions(GroupKey key)
{
    public GroupKey Key { get; } = key;

    public List<Session> Open { get; } = [];

    /// <summary>How many takes there had been when it was touched last.</summary>
    public int TouchedAt { get; set; }

    /// <summary>Whether all of it is stored as it is here, so that it need not be here.</summary>
    public bool IsEvictable => Open.TrueForAll(session => !session.HasNewEvents);

    /// <summary>The index of the first session that ends after the moment.</summary>
    public int FirstEndingAfter(long momentMs)
    {
        int low = 0, high = Open.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = Open[middle].Window.EndMs <= momentMs ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}

/// <summary>One open session; it knows what the last take has seen of it. Its interval only ever grows.</summary>
internal sealed class Session(KeySessions owner, Window window, Measured start = default)
{
    private Cell _cell = new(start);
    private long _takenCount;
    private Window? _takenAs;

    public KeySessions Owner { get; } = owner;

    public Window Window { get; private set; } = window;

    /// <summary>It has closed, or is part of another.</summary>
    public bool IsGone { get; set; }

    public int StateBytes => _cell.StateBytes;

    public bool HasNewEvents => _cell.Measures.Count != _takenCount;

    public void Add(Window interval, MeasurePlan plan, in EventValues e)
    {
        Grow(interval);
        _cell.Add(plan, e);
    }

    /// <summary>Makes the other, which is gone now, a part of this.</summary>
    public void Join(Session other)
    {
        Grow(other.Window);
        _cell.Merge(other._cell.Value());
        _takenCount += other._takenCount;
        other.IsGone = true;
    }

    public WindowRow Row(WindowSpec of, bool isFinal)
    {
        Measured value = _cell.Value();
        return new WindowRow(of, Window, Owner.Key, value.Measures, isFinal) { State = value.State, NewEvents = value.Measures.Count - _takenCount };
    }

    /// <summary>It is written as it stands.</summary>
    public void Taken() => (_takenAs, _takenCount) = (Window, _cell.Measures.Count);

    /// <summary>The row that the last take saw, if it has another key now, or none any more.</summary>
    public RemovedRow? FormerRow(WindowSpec of) =>
        _takenAs is { } former && (former != Window || IsGone) ? new RemovedRow(of, former, Owner.Key, IsPane: false) : null;

    private void Grow(Window by) => Window = new Window(Math.Min(Window.StartMs, by.StartMs), Math.Max(Window.EndMs, by.EndMs));
}
