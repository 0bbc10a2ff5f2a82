namespace Streaming.Dashboard.Views;

/// <summary>An axis from zero: round numbers at equal steps, the last of them at or above the largest value.</summary>
/// <param name="Step">One, two or five times a power of ten.</param>
/// <param name="Steps">How many steps there are.</param>
public readonly record struct ValueAxis(double Step, int Steps)
{
    private static readonly int[] Factors = [1, 2, 5, 10];

    /// <summary>The value at the top.</summary>
    public double Top => Step * Steps;

    /// <summary>The axis for values up to <paramref name="largest"/> with about <paramref name="steps"/> steps; without any value it ends at 1.</summary>
    public static ValueAxis For(double largest, int steps = 5)
    {
        if (!(largest > 0) || !double.IsFinite(largest))
        {
            return new ValueAxis(1, 1);
        }

        var magnitude = Math.Pow(10, Math.Floor(Math.Log10(largest / steps)));
        var step = magnitude * Factors.First(factor => factor * magnitude >= largest / steps * 0.999999);
        return new ValueAxis(step, (int)Math.Ceiling(largest / step * 0.999999));
    }
}
