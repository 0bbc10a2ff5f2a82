using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Dashboard.Pipelines;

/// <summary>Tells a row from the others of its interval.</summary>
public readonly record struct RowId(RowSource Source, bool IsPane, string Key);

/// <summary>A row of <c>window_results</c>: a window, or a pane of windows that are still open. Its state stays as bytes until somebody wants to see it.</summary>
/// <param name="Id">Whose it is.</param>
/// <param name="Window">Its interval.</param>
/// <param name="StateBytes">As stored; null where the plan needs no state.</param>
public sealed record StoredRow(RowId Id, Window Window, BasicMeasures Basic, long Late, bool IsFinal, long Version, byte[]? StateBytes) : IWindowPart
{
    public RowSource Source => Id.Source;

    /// <summary>About what it takes in memory.</summary>
    public long Bytes => 200 + (2 * Id.Key.Length) + (StateBytes?.Length ?? 0);

    public MeasureState? State(MeasurePlan plan) => !plan.NeedsState
        ? null
        : MeasureState.Decode(plan, StateBytes ?? throw new MeasureStateException("there is none"));
}

/// <summary>A row that has ceased to be: two sessions became one, or the last window over a pane has closed.</summary>
public sealed record RemovedRow(RowId Id, Window Window, long Version);
