using Streaming.Aggregator.Windowing;

namespace Streaming.Aggregator.Checkpoints;

/// <summary>An event that is kept for a while beside its windows.</summary>
/// <param name="Offset">Its record's offset.</param>
/// <param name="EventTimeMs">When it happened, milliseconds since the Unix epoch.</param>
/// <param name="Key">What it is grouped by.</param>
/// <param name="IsLate">Its window of the pipeline's first kind had closed.</param>
/// <param name="Values">The values of the pipeline's fields, in units of their scale; null where it lacks one.</param>
/// <param name="Body">The record's value.</param>
public sealed record TakenEvent(long Offset, long EventTimeMs, GroupKey Key, bool IsLate, long?[] Values, byte[]? Body)
{
    /// <summary>Objects, references and the array's header.</summary>
    private const int Overhead = 160;

    /// <summary>About how many bytes of memory it takes until it is written.</summary>
    public int Size => Overhead + Key.Utf8.Length + (16 * Values.Length) + (Body?.Length ?? 0);
}
