using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Tests.Windowing;

/// <summary>What checkpoints leave behind: the tables and the outbox, as a checkpoint's transaction would write them.</summary>
internal sealed class FakeDatabase
{
    private readonly Dictionary<RowId, WindowRow> _rows = [];
    private readonly HashSet<RowId> _removed = [];
    private readonly HashSet<RemovedSlice> _removedSlices = [];

    public int NextInput { get; private set; }

    public long? WatermarkMs { get; private set; }

    public EventCounts Counts { get; private set; }

    public List<WindowRow> Downstream { get; } = [];

    public List<(string Key, long TimeMs, long ByMs)> LateTopic { get; } = [];

    public Dictionary<RowId, long> Missed { get; } = [];

    /// <summary>Events by kind of windows, added up from what each checkpoint called new.</summary>
    public Dictionary<string, long> NewEvents { get; } = [];

    public IEnumerable<WindowRow> Rows => _rows.Values;

    /// <summary>Closings that were made of stored rows.</summary>
    public List<StoredKind> StoredClosings { get; } = [];

    public void Commit(PreparedCheckpoint checkpoint)
    {
        ChangeSet changes = checkpoint.Changes;
        foreach (RemovedRow removed in changes.Removed)
        {
            Remove(new RowId(removed.Of.Name, removed.IsPane, removed.Window, removed.Key.Text));
        }

        foreach (WindowRow row in changes.Open)
        {
            Write(row);
        }

        StoredClosings.AddRange(changes.Stored.Select(closing => closing.Rows));
        List<WindowRow> closed = [.. ClosedRows.InOrderAsync(changes, closing => Read(closing).ToAsyncEnumerable()).ToBlockingEnumerable()];
        closed.ForEach(Write);
        foreach (RemovedSlice slice in changes.RemovedSlices)
        {
            Assert.DoesNotContain(slice, _removedSlices);
            _removedSlices.Add(slice);
            foreach (RowId id in _rows.Keys.Where(id => id.IsPane && id.Of == slice.Of.Name && id.Window == slice.Slice).ToList())
            {
                Remove(id);
            }
        }

        foreach (LateCount late in changes.LateCounts)
        {
            var id = new RowId(late.Of.Name, IsPane: false, late.Window, late.Key.Text);
            Missed[id] = Missed.GetValueOrDefault(id) + late.Events;
        }

        Downstream.AddRange(closed.Select(row => row with { NewEvents = 0 }));
        LateTopic.AddRange(checkpoint.Late);
        Counts = new EventCounts(
            Counts.Accepted + changes.Counts.Accepted, Counts.Late + changes.Counts.Late, Counts.Rejected + changes.Counts.Rejected);
        WatermarkMs = changes.WatermarkMs;
        NextInput = checkpoint.NextInput;
    }

    /// <summary>What a claim loads: the open rows, or only where they lie.</summary>
    public WindowEngine Claim(WindowPlan windows, MeasurePlan measures, bool leavesRows)
    {
        List<WindowRow> open = [.. _rows.Values.Where(row => !row.IsFinal)];
        return leavesRows
            ? new(windows, measures, WatermarkMs, [], open.Select(row => new StoredRows(row.Of, row.Window, row.IsPane, row.Key.GetHashCode())))
            : new(windows, measures, WatermarkMs, open);
    }

    /// <summary>The rows that an engine asks for, as the last commit left them.</summary>
    public IEnumerable<WindowRow> Load(IEnumerable<MissingRow> missing) =>
        from asked in missing
        from row in _rows.Values
        where !row.IsFinal && row.Of.Name == asked.Of.Name && row.IsPane == asked.IsPane && row.Window == asked.Window && asked.Key.Equals(row.Key)
        select row;

    private IEnumerable<WindowRow> Read(StoredClosing closing) =>
        from row in _rows.Values.ToList()
        where !row.IsFinal && row.Of.Name == closing.Of.Name && closing.Rows switch
        {
            StoredKind.Panes => row.IsPane && row.Window.StartMs >= closing.Window.StartMs && row.Window.EndMs <= closing.Window.EndMs,
            StoredKind.Sessions => row.Window.StartMs >= closing.Window.StartMs && row.Window.EndMs <= closing.Window.EndMs,
            _ => row.Window == closing.Window,
        }
        orderby closing.Rows == StoredKind.Sessions ? row.Window.EndMs : 0, row.Key, row.Window.StartMs
        select row;

    private void Remove(RowId id)
    {
        Assert.False(Assert.Contains(id, _rows).IsFinal, $"A final row was removed: {id}");
        _rows.Remove(id);
        _removed.Add(id);
    }

    private void Write(WindowRow row)
    {
        RowId id = RowId.From(row);
        Assert.False(_rows.TryGetValue(id, out WindowRow before) && before.IsFinal, $"A final row was written again: {row}");
        Assert.DoesNotContain(id, _removed);
        _rows[id] = row with { NewEvents = 0 };
        NewEvents[id.Of] = NewEvents.GetValueOrDefault(id.Of) + row.NewEvents;
    }
}

/// <summary>What was taken from the engine and is about to be committed.</summary>
internal sealed record PreparedCheckpoint(ChangeSet Changes, int NextInput, IReadOnlyList<(string Key, long TimeMs, long ByMs)> Late);
