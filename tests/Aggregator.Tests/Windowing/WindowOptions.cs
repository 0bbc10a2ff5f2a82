using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Tests.Windowing;

/// <summary>The plan of a pipeline with tumbling windows only.</summary>
public sealed record WindowOptions(TimeSpan Size, TimeSpan Offset, TimeSpan Grace, TimeSpan OutOfOrderness, TimeSpan FutureBound)
{
    public static readonly TimeSpan Longest = WindowSpecs.Longest;

    public TumblingWindows Of => WindowSpecs.Tumbling(Size, Offset);

    public string Fingerprint => ((WindowPlan)this).Fingerprint;

    public static implicit operator WindowPlan(WindowOptions options) => new([options.Of], options.Grace, options.OutOfOrderness, options.FutureBound);

    public void Validate() => ((WindowPlan)this).Validate();
}
