namespace Streaming.Tests.Oracle;

/// <summary>An idle mark: from <paramref name="NextOffset"/> on, the partition's watermark is at least <paramref name="WatermarkMs"/>.</summary>
internal readonly record struct Mark(int Partition, long NextOffset, long WatermarkMs);
