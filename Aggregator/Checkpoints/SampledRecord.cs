using System.Diagnostics;

namespace Streaming.Aggregator.Checkpoints;

/// <summary>A record whose way somebody follows.</summary>
/// <param name="Trace">The context of its creation, as its header carries it.</param>
/// <param name="Event">What was taken of it; null when it is in no result: filtered or rejected.</param>
public sealed record SampledRecord(ActivityContext Trace, TakenEvent? Event);
