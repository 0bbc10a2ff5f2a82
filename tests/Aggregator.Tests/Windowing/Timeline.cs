using System.Globalization;
using System.Text;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Tests.Windowing;

/// <summary>Virtual time in seconds since the Unix epoch, so that an example reads like its drawing.</summary>
internal sealed class Timeline(WindowOptions options, long? watermarkMs = null, IEnumerable<WindowRow>? openRows = null)
{
    /// <summary>Windows of 10 s, nothing allowed, broker timestamps without influence.</summary>
    public static readonly WindowOptions TenSeconds = new(
        TimeSpan.FromSeconds(10), TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromDays(366));

    public WindowEngine Engine { get; } = OneNumber.Engine(options, watermarkMs, openRows);

    public long? Watermark => Engine.WatermarkMs / 1000;

    public static WindowOptions With(int outOfOrderness = 0, int grace = 0, int offset = 0) => TenSeconds with
    {
        OutOfOrderness = TimeSpan.FromSeconds(outOfOrderness),
        Grace = TimeSpan.FromSeconds(grace),
        Offset = TimeSpan.FromSeconds(offset),
    };

    public Verdict At(long second, string key = "a", long value = 1) =>
        Engine.Add(Encoding.UTF8.GetBytes(key), value, second * 1000, brokerTimestampMs: second * 1000);

    public void Idle(long watermark) => Engine.Apply(new IdleMark(NextOffset: 0, watermark * 1000));

    /// <summary>The rows of a take: <c>[0,10) a n=2 sum=7 min=3 max=4</c>, final ones with an exclamation mark.</summary>
    public (string[] Open, string[] Closed) Take()
    {
        ChangeSet changes = Engine.TakeChanges();
        return ([.. changes.Open.Select(Show)], [.. changes.Closed.Select(Show)]);
    }

    public static string Show(WindowRow row) => string.Create(CultureInfo.InvariantCulture,
        $"[{row.Window.StartMs / 1000},{row.Window.EndMs / 1000}) {row.Key} n={row.Measures.Count} sum={row.Measures.Sum} min={row.Measures.Min} max={row.Measures.Max}{(row.IsFinal ? "!" : "")}");
}
