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

    /// <summary>Memory is lost, and a checkpoint that was not committed with it; another instance claims the partition.</summary>
    public sealed record Crashes : Step;
}

/// <summary>Drives the engine through the steps as the consumer would.</summary>
internal sealed class PartitionRun(WindowPlan windows, MeasurePlan measures)
{
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
            case Step.Takes when _prepared is null:
                Supply(_engine.Missing);
                _prepared = new PreparedCheckpoint(_engine.TakeChanges(), _next, [.. _late]);
                _late.Clear();
                break;
            case Step.Commits when _prepared is not null:
                Database.Commit(_prepared);
                _prepared = null;
                break;
            case Step.Crashes:
                Recover();
                break;
        }
    }

    /// <summary>What memory the engine says it takes once every window has closed and was taken.</summary>
    public long BytesWhenAllIsClosed()
    {
        _engine.Apply(new IdleMark(_next, 1_000_000));
        Supply(_engine.Missing);
        _engine.TakeChanges();
        return _engine.ApproximateBytes;
    }

    public void Finish()
    {
        Do(new Step.Commits());
        Do(new Step.Takes());
        Do(new Step.Commits());
    }

    private void Supply(IReadOnlyList<MissingRows> missing)
    {
        WindowRow[] rows = [.. Database.Load(missing)];
        BroughtBack.AddRange(rows.Select(row => row.Of.GetType()));
        _engine.Supply(missing, rows);
        Assert.DoesNotContain(_engine.Missing, missing.Contains);
    }

    private void Recover()
    {
        _prepared = null;
        _late.Clear();
        _engine = Database.Claim(windows, measures);
        _next = Database.NextInput;
        ReadToEnd();
    }

    private void ReadToEnd()
    {
        for (; _next < _log.Count; _next++)
        {
            long? before = _engine.WatermarkMs;
            Feed(_log[_next]);
            Assert.True(before is null || _engine.WatermarkMs >= before, "The watermark went back.");
        }
    }

    private void Feed(Input input)
    {
        if (input is Input.Mark mark)
        {
            _engine.Apply(new IdleMark(_next, mark.WatermarkMs));
            return;
        }

        var e = (Input.Event)input;
        Verdict verdict = _engine.Add(Encoding.UTF8.GetBytes(e.Key), new EventValues([e.Value], missing: 0, e.TimeMs, _next), e.BrokerMs);
        if (verdict.Kind == VerdictKind.Late)
        {
            _late.Add((e.Key, e.TimeMs, verdict.ByMs));
        }
    }
}
