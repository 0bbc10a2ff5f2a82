using System.Numerics;

namespace Streaming.Contracts.Measures;

/// <summary>
/// Deals every <c>long</c> into a bucket with values of about its size. It is the mapping of a DDSketch (Masson, Rim, Lee: "DDSketch: a fast and
/// fully-mergeable quantile sketch with relative-error guarantees", 2019) whose logarithm is interpolated linearly between powers of two, in 64 steps,
/// here in integers alone: the bucket of a value is the same on every machine. Magnitudes below 128 have a bucket each. Beyond, a bucket holds the
/// integers from lo = t·2^s to hi = (t + 1)·2^s − 1 with t from 64 to 127, and 2·lo·hi / (lo + hi) is off from all of them by at most
/// (hi − lo) / (hi + lo) &lt; 1/129 = 0.78 %. A negative value has its magnitude's bucket, negated, so that buckets ascend with their values.
/// </summary>
internal static class SizeBuckets
{
    /// <summary>The bucket of <see cref="long.MaxValue"/>.</summary>
    public const int Largest = (56 << StepBits) + 127;

    /// <summary>The bucket of <see cref="long.MinValue"/>, whose magnitude is one more.</summary>
    public const int Smallest = -(Largest + 1);

    private const int StepBits = 6;
    private const int Steps = 1 << StepBits;

    public static int Of(long value)
    {
        if (value >= 0)
        {
            return OfMagnitude((ulong)value);
        }

        // Negated in 64 bits, also long.MinValue.
        return -OfMagnitude(unchecked(0UL - (ulong)value));
    }

    /// <summary>The value that stands for all of the bucket.</summary>
    public static double Representative(int bucket)
    {
        int size = Math.Abs(bucket);
        if (size < 2 * Steps)
        {
            return bucket;
        }

        int shift = (size >> StepBits) - 1;
        double low = (double)((ulong)((size & (Steps - 1)) + Steps) << shift);
        double high = low + ((1UL << shift) - 1);
        return Math.Sign(bucket) * 2 * (low / (low + high)) * high;
    }

    private static int OfMagnitude(ulong magnitude)
    {
        if (magnitude < Steps)
        {
            return (int)magnitude;
        }

        int shift = 63 - StepBits - BitOperations.LeadingZeroCount(magnitude);
        return (shift << StepBits) + (int)(magnitude >> shift);
    }
}
