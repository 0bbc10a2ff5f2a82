using System.Collections.Immutable;
using Streaming.Contracts.Windows;

namespace Streaming.Dashboard.Pipelines;

/// <summary>The rows of one interval, windows and panes; immutable.</summary>
public sealed class WindowRows(ImmutableDictionary<RowId, StoredRow> rows)
{
    private BuiltWindows? _built;

    public static WindowRows Empty { get; } = new(ImmutableDictionary<RowId, StoredRow>.Empty);

    /// <summary>By where they come from and their key.</summary>
    public ImmutableDictionary<RowId, StoredRow> Rows => rows;

    /// <summary>
    /// The windows of this interval as <paramref name="build"/> makes them; kept, because most intervals are the same from one snapshot to the next and their
    /// sketches are costly to read. <paramref name="final"/> is what the result depends on besides.
    /// </summary>
    public ImmutableArray<MeasuredWindow> Built(bool final, Func<WindowRows, ImmutableArray<MeasuredWindow>> build)
    {
        // Two browsers may build it at once; both get the same.
        if (Volatile.Read(ref _built) is not { } built || built.Final != final)
        {
            built = new BuiltWindows(final, build(this));
            Volatile.Write(ref _built, built);
        }

        return built.Windows;
    }

    private sealed record BuiltWindows(bool Final, ImmutableArray<MeasuredWindow> Windows);
}

/// <summary>Orders intervals by start, then by end.</summary>
public sealed class ByStart : IComparer<Window>
{
    public static ByStart Order { get; } = new();

    public int Compare(Window x, Window y) => x.StartMs != y.StartMs ? x.StartMs.CompareTo(y.StartMs) : x.EndMs.CompareTo(y.EndMs);
}
