using System.Collections.Immutable;

namespace Streaming.Dashboard.Proof;

/// <summary>What one side says of one key in one minute.</summary>
/// <param name="Count">Events in the window.</param>
/// <param name="Sum">Their amounts, in units of the field's scale.</param>
/// <param name="Late">Events that came after the window had closed; in neither of the others.</param>
public readonly record struct ProofFigures(long Count, decimal Sum, long Late)
{
    public static ProofFigures operator +(ProofFigures one, ProofFigures other) => new(one.Count + other.Count, one.Sum + other.Sum, one.Late + other.Late);

    public static ProofFigures operator -(ProofFigures one, ProofFigures other) => new(one.Count - other.Count, one.Sum - other.Sum, one.Late - other.Late);
}

/// <summary>One key in one minute, both ways.</summary>
/// <param name="Key">What it is grouped by, as somebody sent it.</param>
/// <param name="Stream">By the pipeline's windows, merged over all partitions.</param>
/// <param name="Database">By the database, from the raw events.</param>
public sealed record ProofCell(string Key, ProofFigures Stream, ProofFigures Database)
{
    /// <summary>The stream's figures beyond the database's.</summary>
    public ProofFigures Difference => Stream - Database;

    /// <summary>
    /// Whether what is in the window is the same. Late events are shown beside it and decide nothing: one that comes after raw events ceased to be kept is counted by the
    /// stream alone, one whose window had never opened by the database alone.
    /// </summary>
    public bool Agrees => Difference is { Count: 0, Sum: 0 };
}

/// <summary>What can be said of a minute.</summary>
public enum ProofState
{
    /// <summary>Both say the same, and neither will change.</summary>
    Agrees,

    /// <summary>Both say the same so far; the minute is open.</summary>
    AgreesSoFar,

    /// <summary>They differ.</summary>
    Differs,

    /// <summary>The raw events of the minute are not kept, or not all of them: there is nothing to compare.</summary>
    NotKept,
}

/// <summary>One minute, both ways.</summary>
/// <param name="Start">First instant, UTC.</param>
/// <param name="IsFinal">Whether every partition has passed its end and grace.</param>
/// <param name="IsKept">Whether all its raw events are there.</param>
/// <param name="Cells">By key.</param>
public sealed record ProofMinute(DateTimeOffset Start, bool IsFinal, bool IsKept, ImmutableArray<ProofCell> Cells)
{
    public DateTimeOffset End => Start.AddMinutes(1);

    public ProofFigures Stream { get; } = Cells.Aggregate(default(ProofFigures), (sum, cell) => sum + cell.Stream);

    public ProofFigures Database { get; } = Cells.Aggregate(default(ProofFigures), (sum, cell) => sum + cell.Database);

    /// <summary>Keys on which the two differ. A difference in one that is made up for in another is still one.</summary>
    public int Differing { get; } = Cells.Count(cell => !cell.Agrees);

    public ProofState State => !IsKept ? ProofState.NotKept : Differing > 0 ? ProofState.Differs : IsFinal ? ProofState.Agrees : ProofState.AgreesSoFar;
}
