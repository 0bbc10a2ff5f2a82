using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Tests.Windowing;

/// <summary>What checkpoints leave behind: the tables and the outbox, as a checkpoint's transaction would write them.</summary>
internal sealed class FakeDatabase
{
    private readonly Dictionary<RowId, WindowRow> _rows = [];
    private readonly HashSet<RowId> _removed = [];

    public int NextInput { get; private set; }

    public long? WatermarkMs { get; private set; }

    public EventCounts Counts { get; private set; }

    public List<WindowRow> Downstream { get; } = [];

    public List<(string Key, long TimeMs, long ByMs)> LateTopic { get; } = [];

    public Dictionary<RowId, long> Missed { get; } = [];

    /// <summary>Events by kind of windows, added up from what each checkpoint called new.</summary>
    public Dictionary<string, long> NewEvents { get; } = [];

    public IEnumerable<WindowRow> Rows => _rows.Values;

    public void Commit(PreparedCheckpoint checkpoint)
    {
        ChangeSet changes = checkpoint.Changes;
        foreach (RemovedRow removed in changes.Removed)
        {
            var id = new RowId(removed.Of.Name, removed.IsPane, removed.Window, removed.Key.Text);
            Assert.False(Assert.Contains(id, _rows).IsFinal, $"A final row was removed: {id}");
            _rows.Remove(id);
            _removed.Add(id);
        }

        foreach (WindowRow row in changes.Open.Concat(changes.Closed))
        {
            Write(row);
        }

        foreach (LateCount late in changes.LateCounts)
        {
            var id = new RowId(late.Of.Name, IsPane: false, late.Window, late.Key.Text);
            Missed[id] = Missed.GetValueOrDefault(id) + late.Events;
        }

        Downstream.AddRange(changes.Closed.Select(row => row with { NewEvents = 0 }));
        LateTopic.AddRange(checkpoint.Late);
        Counts = new EventCounts(
            Counts.Accepted + changes.Counts.Accepted, Counts.Late + changes.Counts.Late, Counts.Rejected + changes.Counts.Rejected);
        WatermarkMs = changes.WatermarkMs;
        NextInput = checkpoint.NextInput;
    }

    public WindowEngine Claim(WindowPlan windows, MeasurePlan measures) =>
        new(windows, measures, WatermarkMs, _rows.Values.Where(row => !row.IsFinal));

    /// <summary>The rows that an engine asks for, as the last commit left them.</summary>
    public IEnumerable<WindowRow> Load(IEnumerable<MissingRows> missing) =>
        from asked in missing
        from row in _rows.Values
        where !row.IsFinal && row.Of.Name == asked.Of.Name && row.IsPane == asked.IsPane && row.Window == asked.Window && (asked.Key?.Equals(row.Key) ?? true)
        select row;

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
