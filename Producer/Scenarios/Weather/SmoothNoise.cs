namespace Streaming.Producer.Scenarios.Weather;

/// <summary>
/// Random values that change slowly, and that can be asked for any moment without those before it: hashes at equal steps of time, with smooth curves between them.
/// </summary>
internal static class SmoothNoise
{
    /// <summary>A value from 0 to 1, equally distributed at the steps, drawn to the middle between them.</summary>
    /// <param name="seed">Which run.</param>
    /// <param name="stream">Which of its curves.</param>
    /// <param name="at">When.</param>
    /// <param name="step">Time between two independent values.</param>
    public static double At(int seed, int stream, DateTimeOffset at, TimeSpan step)
    {
        var place = (double)at.UtcTicks / step.Ticks;
        var before = Math.Floor(place);
        var t = place - before;
        var weight = t * t * (3 - (2 * t));
        return (Value(seed, stream, (long)before) * (1 - weight)) + (Value(seed, stream, (long)before + 1) * weight);
    }

    /// <summary>A value from 0 to 1 that has nothing to do with its neighbours.</summary>
    public static double Value(int seed, int stream, long step)
    {
        // SplitMix64 (Steele, Lea, Flood 2014): a hash of good quality in three steps.
        var x = unchecked(((ulong)(uint)seed << 32) ^ ((ulong)(uint)stream * 0x9E3779B97F4A7C15UL) ^ ((ulong)step * 0xD1B54A32D192ED03UL));
        x = unchecked((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL);
        x = unchecked((x ^ (x >> 27)) * 0x94D049BB133111EBUL);
        x ^= x >> 31;
        return (x >> 11) * (1.0 / (1UL << 53));
    }
}
