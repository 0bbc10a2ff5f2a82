using System.Collections.Concurrent;

namespace Streaming.Aggregator.Consuming;

/// <summary>
/// The memory for open windows that all pipelines of this process share (<see cref="AggregatorOptions.MaxStateBytes"/>). Each says what it takes; when it is too
/// much together, each has to go down by the same part. Safe for several threads.
/// </summary>
internal sealed class StateBudget(long maxBytes)
{
    /// <summary>What cannot be evicted may take this much, however small the bound is.</summary>
    private const long LeastForFixed = 16L << 20;

    /// <summary>The part of the bound that the rows of one claim may take before anything of it can be evicted.</summary>
    private const int ClaimDivisor = 32;

    private readonly ConcurrentDictionary<object, (long Bytes, long FixedBytes)> _taken = new(ReferenceEqualityComparer.Instance);

    /// <summary>What the open rows that one claim loads may take.</summary>
    public long MaxClaimBytes => Math.Max(1, maxBytes / ClaimDivisor);

    /// <summary>Whether the pipelines take more than the bound together.</summary>
    public bool IsFull => Total > maxBytes;

    private long Total => _taken.Values.Sum(taken => taken.Bytes);

    /// <summary>Says what a pipeline takes now.</summary>
    /// <param name="who">The pipeline's consumer.</param>
    /// <param name="bytes">All of it.</param>
    /// <param name="fixedBytes">What of it no eviction frees.</param>
    public void Report(object who, long bytes, long fixedBytes) => _taken[who] = (bytes, fixedBytes);

    /// <summary>It takes nothing any more.</summary>
    public void Forget(object who) => _taken.TryRemove(who, out _);

    /// <summary>What one that takes so many bytes may go on taking.</summary>
    public long ShareOf(long bytes) => Total is var total && total > maxBytes ? (long)((double)maxBytes / total * bytes) : long.MaxValue;

    /// <summary>Why reading has to stop although everything that can be evicted is; null when it need not.</summary>
    /// <param name="divisor">1 to find out whether to stop, more to find out whether to go on.</param>
    public string? Trouble(int divisor)
    {
        var fixedBytes = _taken.Values.Sum(taken => taken.FixedBytes);
        return fixedBytes >= Math.Max(maxBytes, LeastForFixed) / divisor
            ? $"what alert rules remember and where stored sessions lie takes {fixedBytes} bytes of memory, which cannot be evicted; {AggregatorOptions.Section}:{nameof(AggregatorOptions.MaxStateBytes)} is {maxBytes}"
            : null;
    }
}
