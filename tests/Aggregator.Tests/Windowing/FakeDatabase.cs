using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Tests.Windowing;

/// <summary>What checkpoints leave behind: the tables and the outbox, as a checkpoint's transaction would write them.</summary>
internal sealed class FakeDatabase
{
    private readonly Dictionary<(Window, GroupKey), WindowRow> _rows = [];

    public int NextInput { get; private set; }

    public long? WatermarkMs { get; private set; }

    public EventCounts Counts { get; private set; }

    public List<WindowRow> Downstream { get; } = [];

    public List<(Window Window, string Key, long ByMs)> LateTopic { get; } = [];

    public Dictionary<(Window, GroupKey), long> LateByRow { get; } = [];

    /// <summary>Events by row, added up from what each checkpoint called new.</summary>
    public Dictionary<(Window, GroupKey), long> NewEventsByRow { get; } = [];

    public IEnumerable<WindowRow> Rows => _rows.Values;

    public void Commit(PreparedCheckpoint checkpoint)
    {
        ChangeSet changes = checkpoint.Changes;
        foreach (WindowRow row in changes.Open.Concat(changes.Closed))
        {
            Assert.False(_rows.TryGetValue((row.Window, row.Key), out WindowRow before) && before.IsFinal, $"A final row was written again: {row}");
            _rows[(row.Window, row.Key)] = row with { NewEvents = 0 };
            NewEventsByRow[(row.Window, row.Key)] = NewEventsByRow.GetValueOrDefault((row.Window, row.Key)) + row.NewEvents;
        }

        foreach (LateCount late in changes.LateCounts)
        {
            LateByRow[(late.Window, late.Key)] = LateByRow.GetValueOrDefault((late.Window, late.Key)) + late.Events;
        }

        Downstream.AddRange(changes.Closed.Select(row => row with { NewEvents = 0 }));
        LateTopic.AddRange(checkpoint.Late);
        Counts = new EventCounts(
            Counts.Accepted + changes.Counts.Accepted, Counts.Late + changes.Counts.Late, Counts.Rejected + changes.Counts.Rejected);
        WatermarkMs = changes.WatermarkMs;
        NextInput = checkpoint.NextInput;
    }

    public WindowEngine Claim(WindowOptions options) => OneNumber.Engine(options, WatermarkMs, _rows.Values.Where(row => !row.IsFinal));
}

/// <summary>What was taken from the engine and is about to be committed.</summary>
internal sealed record PreparedCheckpoint(ChangeSet Changes, int NextInput, IReadOnlyList<(Window Window, string Key, long ByMs)> Late);
