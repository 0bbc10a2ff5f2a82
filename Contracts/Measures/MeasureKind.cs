namespace Streaming.Contracts.Measures;

/// <summary>What is computed over the values of a window.</summary>
public enum MeasureKind
{
    /// <summary>How many events there are or, with a field, how many of them have a value in it. Exact.</summary>
    Count,

    /// <summary>The sum. Exact.</summary>
    Sum,

    /// <summary>The smallest value. Exact.</summary>
    Min,

    /// <summary>The largest value. Exact.</summary>
    Max,

    /// <summary>Sum / count: one division of exact numbers.</summary>
    Mean,

    /// <summary>The population variance, in the square of the field's unit: computed at reading from exact integers.</summary>
    Variance,

    /// <summary>The value of the first event in event time; of several, the one of the smallest offset, then the smallest value. Exact.</summary>
    First,

    /// <summary>The value of the last event in event time; of several, the one of the largest offset, then the largest value. Exact.</summary>
    Last,

    /// <summary>How many different identities there are: exact up to 256, beyond that with a standard error of 1.6 %.</summary>
    Distinct,

    /// <summary>A quantile, with a relative error of at most 1 %.</summary>
    Quantile,
}

/// <summary>What the values of a field are.</summary>
public enum FieldKind
{
    /// <summary>A decimal number: the long × 10^-scale.</summary>
    Number,

    /// <summary>The stable hash of an identity (<see cref="StableHash"/>), to be counted without repetition.</summary>
    Identity,
}
