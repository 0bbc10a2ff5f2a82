namespace Streaming.Aggregator.Windowing;

/// <summary>
/// A silent partition's watermark, advanced once by the clock outside and stored, so that a replay repeats it without a clock. It takes
/// effect after every event whose offset is below <paramref name="NextOffset"/> and before the event at it.
/// </summary>
/// <param name="NextOffset">The offset that would be read next when the mark was made.</param>
/// <param name="WatermarkMs">The watermark to be reached, milliseconds since the Unix epoch.</param>
public readonly record struct IdleMark(long NextOffset, long WatermarkMs);
