namespace Streaming.Aggregator.Alerts;

/// <summary>
/// The last values of a key, at most so many, oldest first. They are kept as they are: mean and standard deviation are computed from them anew in two
/// passes (first the mean, then the squared distances from it), so nothing is ever subtracted that was added before and no error adds up.
/// </summary>
internal sealed class Baseline
{
    /// <summary>A standard deviation that is this small a part of the mean is rounding, not spread.</summary>
    private const double Rounding = 1e-12;

    private readonly double[] _values;
    private int _start;

    public Baseline(int size, IReadOnlyList<double> values)
    {
        _values = new double[size];
        foreach (var value in values.Skip(Math.Max(0, values.Count - size)))
        {
            Add(value);
        }
    }

    public int Count { get; private set; }

    /// <summary>True when every value is zero and another zero would change nothing.</summary>
    public bool IsFullOfZeros => Count == _values.Length && Zeros == Count;

    /// <summary>Oldest first.</summary>
    public IEnumerable<double> Values => Enumerable.Range(0, Count).Select(At);

    private int Zeros { get; set; }

    /// <summary>Adds the newest; of a full baseline the oldest leaves.</summary>
    public void Add(double value)
    {
        if (Count == _values.Length)
        {
            Zeros -= _values[_start] == 0 ? 1 : 0;
            _values[_start] = value;
            _start = (_start + 1) % _values.Length;
        }
        else
        {
            _values[Count++] = value;
        }

        Zeros += value == 0 ? 1 : 0;
    }

    /// <summary>The mean; there is at least one value.</summary>
    public double Mean()
    {
        // Added first, then divided: of whole numbers the sum is exact, and so is a mean that can be.
        double sum = 0;
        for (var i = 0; i < Count; i++)
        {
            sum += At(i);
        }

        return sum / Count;
    }

    /// <summary>The sample standard deviation, √(Σ(x − mean)² / (n − 1)); there are at least two values.</summary>
    public double StandardDeviation(double mean)
    {
        double squares = 0;
        for (var i = 0; i < Count; i++)
        {
            var away = At(i) - mean;
            squares += away * away;
        }

        var deviation = Math.Sqrt(squares / (Count - 1));
        return deviation > Rounding * Math.Abs(mean) ? deviation : 0;
    }

    private double At(int i) => _values[(_start + i) % _values.Length];
}
