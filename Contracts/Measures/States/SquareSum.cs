using System.Numerics;

namespace Streaming.Contracts.Measures;

/// <summary>
/// The exact sum of squares, as a 192-bit integer: a square is at most 2^126, so 2^66 of them fit. Being exact it depends on no order, and the variance
/// that is worked out from it cancels nothing, however far the values lie from zero.
/// </summary>
internal sealed class SquareSum : StatePart
{
    private UInt128 _low;
    private ulong _high;

    public override int ApproximateBytes => 40;

    public override void Add(long value, in EventValues e) => Add((UInt128)((Int128)value * value), 0);

    public override void Merge(StatePart other) => Add(((SquareSum)other)._low, ((SquareSum)other)._high);

    public override StatePart Clone() => new SquareSum { _low = _low, _high = _high };

    public override void Write(StateWriter writer)
    {
        writer.Unsigned(_high);
        writer.Unsigned(_low);
    }

    public override void Read(ref StateReader reader)
    {
        _high = reader.Unsigned();
        _low = reader.Unsigned128();
        // MaxCount squares of 2^126 are 2^179.
        StateReader.Demand(_high <= 1UL << (179 - 128), "its sum of squares is larger than any");
    }

    /// <summary>
    /// The population variance (n·Σx² − (Σx)²) / n² of the values at this scale; every step but the last division is exact.
    /// </summary>
    /// <exception cref="MeasureStateException">Count and sum are of other values than these squares.</exception>
    public double VarianceOf(long count, Int128 sum, int scale)
    {
        BigInteger squares = ((BigInteger)_high << 128) + (BigInteger)_low;
        BigInteger numerator = (count * squares) - BigInteger.Pow(sum, 2);
        if (numerator.Sign < 0)
        {
            throw new MeasureStateException("The sum of squares cannot belong to this count and sum.");
        }

        return (double)numerator / (double)BigInteger.Pow(count * BigInteger.Pow(10, scale), 2);
    }

    private void Add(UInt128 low, ulong high)
    {
        _low += low;
        _high = checked(_high + high + (_low < low ? 1UL : 0UL));
    }
}
