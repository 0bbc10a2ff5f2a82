using System.Numerics;
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

/// <summary>What a history means, worked out from docs/semantics.md by the most obvious computation over the whole of it.</summary>
internal sealed class NaiveOracle
{
    private readonly WindowOptions _options;
    private readonly List<(Window Window, Input.Event Event)> _accepted = [];

    public NaiveOracle(WindowOptions options, IEnumerable<Input> history)
    {
        _options = options;
        foreach (Input input in history)
        {
            if (input is Input.Mark mark)
            {
                Watermark = Watermark is { } w ? BigInteger.Max(w, mark.WatermarkMs) : mark.WatermarkMs;
            }
            else
            {
                Take((Input.Event)input);
            }
        }
    }

    public BigInteger? Watermark { get; private set; }

    public int Rejected { get; private set; }

    public int Accepted => _accepted.Count;

    public List<(Window Window, string Key, long ByMs)> Late { get; } = [];

    public IEnumerable<WindowRow> Rows =>
        from accepted in _accepted
        group accepted.Event.Value by (accepted.Window, accepted.Event.Key) into values
        select new WindowRow(
            _options.Of,
            values.Key.Window,
            new GroupKey(values.Key.Key),
            new BasicMeasures(values.Count(), (Int128)values.Aggregate(BigInteger.Zero, (sum, v) => sum + v), values.Min(), values.Max()),
            IsClosed(values.Key.Window));

    private void Take(Input.Event e)
    {
        if (e.TimeMs > e.BrokerMs + _options.FutureBound.TotalMilliseconds)
        {
            Rejected++;
            return;
        }

        Window window = WindowOf(e.TimeMs);
        if (IsClosed(window))
        {
            Late.Add((window, e.Key, (long)(Watermark!.Value - window.EndMs) - (long)_options.Grace.TotalMilliseconds));
            return;
        }

        _accepted.Add((window, e));
        BigInteger watermark = e.TimeMs - (BigInteger)_options.OutOfOrderness.TotalMilliseconds;
        Watermark = Watermark is { } w ? BigInteger.Max(w, watermark) : watermark;
    }

    private bool IsClosed(Window window) => Watermark >= window.EndMs + (BigInteger)_options.Grace.TotalMilliseconds;

    private Window WindowOf(long timeMs)
    {
        decimal size = (decimal)_options.Size.TotalMilliseconds;
        decimal offset = (decimal)_options.Offset.TotalMilliseconds;
        decimal start = (Math.Floor((timeMs - offset) / size) * size) + offset;
        return new Window((long)start, (long)(start + size));
    }
}
