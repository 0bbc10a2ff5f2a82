using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Tests.Windowing;

/// <summary>One thing in a partition's history, in order: an event or a mark.</summary>
public abstract record Input
{
    public sealed record Event(string Key, long Value, long TimeMs, long BrokerMs) : Input;

    public sealed record Mark(long WatermarkMs) : Input;
}

/// <summary>
/// What a history means, worked out from docs/semantics.md by the most obvious computation: every window of every event, each with the list of its events.
/// </summary>
internal sealed class NaiveOracle
{
    private readonly WindowPlan _plan;
    private readonly MeasurePlan _measures;
    private readonly List<Held> _held = [];
    private int _offset;

    public NaiveOracle(WindowPlan plan, MeasurePlan measures, IEnumerable<Input> history)
    {
        (_plan, _measures) = (plan, measures);
        foreach (Input input in history)
        {
            if (input is Input.Mark mark)
            {
                MoveTo(mark.WatermarkMs);
            }
            else
            {
                Take((Input.Event)input);
            }

            _offset++;
        }
    }

    public decimal? Watermark { get; private set; }

    public int Rejected { get; private set; }

    public int Accepted { get; private set; }

    /// <summary>Events that no window took.</summary>
    public List<(string Key, long TimeMs, long ByMs)> Late { get; } = [];

    /// <summary>Events by the kinds of windows that took them.</summary>
    public Dictionary<string, long> TakenBy { get; } = [];

    /// <summary>Events that a window would have had, by window.</summary>
    public Dictionary<RowId, long> Missed { get; } = [];

    /// <summary>The rows that lie in the database: final ones, and of the open ones panes instead of windows where there are panes.</summary>
    public IEnumerable<WindowRow> Rows => _held
        .Where(held => held.IsPane ? !IsGone(held) : IsClosed(held.Window) || !NaiveWindows.HasPanes(held.Of))
        .Select(RowOf);

    /// <summary>The open windows that readers are to see.</summary>
    public IEnumerable<WindowRow> Open => _held.Where(held => !held.IsPane && !IsClosed(held.Window)).Select(RowOf);

    private void Take(Input.Event e)
    {
        if (e.TimeMs > e.BrokerMs + _plan.FutureBound.TotalMilliseconds)
        {
            Rejected++;
            return;
        }

        var judged = _plan.Windows.SelectMany(of => of is SessionWindows s ? Session(s, e) : NaiveWindows.Of(of, e.TimeMs).Select(window => Place(of, window, e))).ToList();
        if (judged.TrueForAll(window => IsClosed(window)))
        {
            Late.Add((e.Key, e.TimeMs, (long)(Watermark!.Value - judged.Max(window => window.EndMs) - (decimal)_plan.Grace.TotalMilliseconds)));
            return;
        }

        Accepted++;
        foreach (WindowSpec of in _plan.Windows.Where(of => _held.Exists(held => held.Of == of && held.Events.Contains((e, _offset)))))
        {
            TakenBy[of.Name] = TakenBy.GetValueOrDefault(of.Name) + 1;
        }

        foreach (WindowSpec of in _plan.Windows.Where(of => NaiveWindows.HasPanes(of) && NaiveWindows.Of(of, e.TimeMs).Any(window => !IsClosed(window))))
        {
            Find(of, NaiveWindows.PaneOf(of, e.TimeMs), e.Key, isPane: true).Events.Add((e, _offset));
        }

        MoveTo(e.TimeMs - (decimal)_plan.OutOfOrderness.TotalMilliseconds);
    }

    private Window Place(WindowSpec of, Window window, Input.Event e)
    {
        if (IsClosed(window))
        {
            Miss(of, window, e.Key);
        }
        else
        {
            Find(of, window, e.Key, isPane: false).Events.Add((e, _offset));
        }

        return window;
    }

    private IEnumerable<Window> Session(SessionWindows of, Input.Event e)
    {
        var own = new Window(e.TimeMs, e.TimeMs + (long)of.Gap.TotalMilliseconds);
        var joined = _held.Where(held => held.Of == of && held.Key == e.Key && !IsClosed(held.Window)
            && held.Window.StartMs < own.EndMs && own.StartMs < held.Window.EndMs).ToList();
        if (joined.Count == 0 && IsClosed(own))
        {
            Miss(of, own, e.Key);
            return [own];
        }

        Window[] parts = [own, .. joined.Select(held => held.Window)];
        var whole = new Held(of, new Window(parts.Min(part => part.StartMs), parts.Max(part => part.EndMs)), e.Key, IsPane: false);
        whole.Events.AddRange([.. joined.SelectMany(held => held.Events), (e, _offset)]);
        _held.RemoveAll(joined.Contains);
        _held.Add(whole);
        return [whole.Window];
    }

    private void Miss(WindowSpec of, Window window, string key)
    {
        var id = new RowId(of.Name, IsPane: false, window, key);
        Missed[id] = Missed.GetValueOrDefault(id) + 1;
    }

    private Held Find(WindowSpec of, Window window, string key, bool isPane)
    {
        Held? held = _held.Find(held => held.Of == of && held.Window == window && held.Key == key && held.IsPane == isPane);
        if (held is null)
        {
            held = new Held(of, window, key, isPane);
            _held.Add(held);
        }

        return held;
    }

    private WindowRow RowOf(Held held)
    {
        BasicMeasures basic = default;
        MeasureState? state = _measures.NeedsState ? new MeasureState(_measures) : null;
        foreach ((Input.Event e, int offset) in held.Events)
        {
            basic = basic.With(e.Value);
            state?.Add(new EventValues([e.Value], missing: 0, e.TimeMs, offset));
        }

        return new WindowRow(held.Of, held.Window, new GroupKey(held.Key), basic, !held.IsPane && IsClosed(held.Window)) { IsPane = held.IsPane, State = state };
    }

    private bool IsGone(Held pane) => NaiveWindows.Of(pane.Of, pane.Window.StartMs).All(IsClosed);

    private bool IsClosed(Window window) => Watermark >= window.EndMs + (decimal)_plan.Grace.TotalMilliseconds;

    private void MoveTo(decimal watermark) => Watermark = Watermark is { } w ? Math.Max(w, watermark) : watermark;

    private sealed record Held(WindowSpec Of, Window Window, string Key, bool IsPane)
    {
        public List<(Input.Event Event, int Offset)> Events { get; } = [];
    }
}

/// <summary>What a row is found by.</summary>
public readonly record struct RowId(string Of, bool IsPane, Window Window, string Key)
{
    public static RowId From(WindowRow row) => new(row.Of.Name, row.IsPane, row.Window, row.Key.Text);
}
