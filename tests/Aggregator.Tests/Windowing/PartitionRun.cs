using System.Text;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Measures;

namespace Streaming.Aggregator.Tests.Windowing;

/// <summary>One step of a run; crashes and commits are items of the list like everything else.</summary>
public abstract record Step
{
    /// <summary>Something new in the partition.</summary>
    public sealed record Arrives(Input Input) : Step;

    /// <summary>A checkpoint takes the changes; it is written only at the next <see cref="Commits"/>.</summary>
    public sealed record Takes : Step;

    /// <summary>What was taken is committed, however far the engine has gone on since.</summary>
    public sealed record Commits : Step;

    /// <summary>Memory is to go down to this many bytes; passed over while something taken is uncommitted.</summary>
    public sealed record Evicts(long MaxBytes) : Step;

    /// <summary>Some of what is missing is brought back, without a take behind it; passed over while something taken is uncommitted.</summary>
    public sealed record Supplies(int Rows) : Step;

    /// <summary>What events wait for is brought back, of those that have come; passed over while something taken is uncommitted.</summary>
    public sealed record Brings : Step;

    /// <summary>
    /// Memory is lost, and a checkpoint that was not committed with it; another instance claims the partition, with the open rows, or knowing only where they lie.
    /// </summary>
    public sealed record Crashes(bool LeavesRows) : Step;
}

/// <summary>Drives the engine through the steps as the consumer would.</summary>
internal sealed class PartitionRun(WindowPlan windows, MeasurePlan measures)
{
    private const long AllIsClosedMs = 4_000_000_000_000;

    private readonly List<Input> _log = [];
    private readonly List<(string Key, long TimeMs, long ByMs)> _late = [];
    private WindowEngine _engine = new(windows, measures);
    private PreparedCheckpoint? _prepared;
    private int _next;

    public FakeDatabase Database { get; } = new();

    public IReadOnlyList<Input> Log => _log;

    /// <summary>The kinds of windows of all rows that were evicted and brought back.</summary>
    public List<Type> BroughtBack { get; } = [];

    public void Do(Step step)
    {
        switch (step)
        {
            case Step.Arrives arrives:
                _log.Add(arrives.Input);
                ReadToEnd();
                break;
            case Step.Evicts evicts when _prepared is null:
                _engine.Evict(evicts.MaxBytes);
                break;
            case Step.Supplies supplies when _prepared is null:
                Supply([.. _engine.Missing.Take(supplies.Rows)]);
                break;
            case Step.Brings when _prepared is null:
                Bring();
                break;
            case Step.Takes when _prepared is null:
                Supply(_engine.Missing);
                _prepared = new PreparedCheckpoint(_engine.TakeChanges(), _next, [.. _late]);
                _late.Clear();
                ReadToEnd();
                break;
            case Step.Commits when _prepared is not null:
                Database.Commit(_prepared);
                _prepared = null;
                break;
            case Step.Crashes crashes:
                Recover(crashes.LeavesRows);
                break;
        }
    }

    /// <summary>What memory the engine says it takes when it is to take none.</summary>
    public long BytesWhenEvicted()
    {
        _engine.Evict(1);
        return _engine.ApproximateBytes;
    }

    /// <summary>What memory the engine says it takes once every window has closed and was taken.</summary>
    public long BytesWhenAllIsClosed()
    {
        _engine.Apply(new IdleMark(_next, AllIsClosedMs));
        Supply(_engine.Missing);
        _engine.TakeChanges();
        return _engine.ApproximateBytes;
    }

    /// <summary>Everything that has come is read and committed.</summary>
    public void Finish()
    {
        bool isRead;
        do
        {
            Do(new Step.Commits());
            Do(new Step.Brings());
            isRead = _next == _log.Count;
            TakeAll();
        }
        while (!isRead);
    }

    /// <summary>Takes and commits until no event waits any longer for a take alone.</summary>
    public void TakeAll()
    {
        int next;
        do
        {
            next = _next;
            Do(new Step.Commits());
            Do(new Step.Takes());
            Do(new Step.Commits());
        }
        while (_next > next);
    }

    private void Bring()
    {
        for (int next = _next; next < _log.Count; next++)
        {
            if (_log[next] is Input.Event e)
            {
                _engine.Wants(Encoding.UTF8.GetBytes(e.Key), ValuesOf(e, next));
            }
        }

        IReadOnlyList<WantedKey> wanted = _engine.TakeWanted();
        WindowRow[] rows = [.. Database.Load(wanted.SelectMany(key => key.Rows))];
        BroughtBack.AddRange(rows.Select(row => row.Of.GetType()));
        _engine.Bring(wanted, rows);
        ReadToEnd();
    }

    private void Supply(IReadOnlyList<MissingRow> missing)
    {
        WindowRow[] rows = [.. Database.Load(missing)];
        BroughtBack.AddRange(rows.Select(row => row.Of.GetType()));
        _engine.Supply(missing, rows);
        Assert.DoesNotContain(_engine.Missing, missing.Contains);
    }

    private void Recover(bool leavesRows)
    {
        _prepared = null;
        _late.Clear();
        _engine = Database.Claim(windows, measures, leavesRows);
        _next = Database.NextInput;
        ReadToEnd();
    }

    private void ReadToEnd()
    {
        long? before = _engine.WatermarkMs;
        while (_next < _log.Count && Feed(_log[_next]))
        {
            _next++;
            Assert.True(before is null || _engine.WatermarkMs >= before, "The watermark went back.");
            before = _engine.WatermarkMs;
        }
    }

    /// <summary>False when it has to wait, and all that follows it.</summary>
    private bool Feed(Input input)
    {
        if (input is Input.Mark mark)
        {
            _engine.Apply(new IdleMark(_next, mark.WatermarkMs));
            return true;
        }

        var e = (Input.Event)input;
        Verdict verdict = _engine.Add(Encoding.UTF8.GetBytes(e.Key), ValuesOf(e, _next), e.BrokerMs);
        if (verdict.Kind == VerdictKind.Late)
        {
            _late.Add((e.Key, e.TimeMs, verdict.ByMs));
        }

        return verdict.Kind != VerdictKind.Waits;
    }

    private static EventValues ValuesOf(Input.Event e, int offset) => new(new[] { e.Value }, missing: 0, e.TimeMs, offset);
}
