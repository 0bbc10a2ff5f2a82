using System.Collections.Immutable;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Dashboard.Pipelines;

/// <summary>One place on the time axis and what each key has there.</summary>
/// <param name="Window">Its interval.</param>
/// <param name="Cells">One for each key that has anything.</param>
/// <param name="IsProvisional">Whether its figures may still change.</param>
public sealed record WindowColumn(Window Window, ImmutableArray<MeasuredWindow> Cells, bool IsProvisional)
{
    /// <summary>Events that came too late for it, of all keys.</summary>
    public long Late { get; } = Cells.Sum(cell => cell.Late);

    /// <summary>Events of all keys.</summary>
    public long Count { get; } = Cells.Sum(cell => cell.Basic.Count);
}

/// <summary>A range of windows of one kind, oldest first. Where windows follow a grid there are no gaps: one without events is there, empty.</summary>
/// <param name="Spec">The kind.</param>
/// <param name="Plan">What is measured.</param>
/// <param name="Columns">What the chart shows.</param>
/// <param name="Rows">What the table shows: the columns' cells or, of sessions, each for itself.</param>
public sealed record PipelinePeriod(WindowSpec Spec, MeasurePlan Plan, ImmutableArray<WindowColumn> Columns, ImmutableArray<MeasuredWindow> Rows)
{
    /// <summary>How many windows each column and row merges; 1 when they are windows.</summary>
    public int Merged { get; init; } = 1;

    /// <summary>Why there is less than was asked for, in words; null when it is whole.</summary>
    public string? Note { get; init; }

    public bool HasData => !Rows.IsEmpty;

    /// <summary>Late events in the range.</summary>
    public long Late { get; } = Columns.Sum(column => column.Late);

    /// <summary>All keys with anything in the range.</summary>
    public int KeyCount { get; } = Rows.Select(row => row.Key).Distinct(StringComparer.Ordinal).Count();

    /// <summary>First instant.</summary>
    public DateTimeOffset From => Columns[0].Window.Start;

    /// <summary>End.</summary>
    public DateTimeOffset To => Columns[^1].Window.End;
}
