using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Windowing;

/// <summary>Which stored rows a closing is made of.</summary>
public enum StoredKind
{
    /// <summary>The open rows of one window: each becomes final as it is.</summary>
    Rows,

    /// <summary>The panes in one window: those of a key are merged into its row.</summary>
    Panes,

    /// <summary>The open sessions that start no earlier than the interval's start and end no later than its end: each becomes final as it is.</summary>
    Sessions,
}

/// <summary>A closing of which the rows are stored and not in memory.</summary>
/// <param name="Of">Which of the pipeline's windows.</param>
/// <param name="Kind">The place of these windows in the pipeline's list.</param>
/// <param name="Window">The window; of sessions, what they lie in.</param>
/// <param name="Rows">Which rows.</param>
public readonly record struct StoredClosing(WindowSpec Of, int Kind, Window Window, StoredKind Rows);

/// <summary>
/// The final rows of a change of which some are read from PostgreSQL, in the order of window end, kind of windows and key, without ever holding more of them than
/// one for each kind.
/// </summary>
public static class ClosedRows
{
    /// <summary>All closed rows in order.</summary>
    /// <param name="changes">What was taken.</param>
    /// <param name="read">
    /// Reads the stored rows of a closing as they are after the change's open rows were written: of <see cref="StoredKind.Panes"/> ordered by key, of
    /// <see cref="StoredKind.Sessions"/> by end and key, else by key.
    /// </param>
    public static async IAsyncEnumerable<WindowRow> InOrderAsync(ChangeSet changes, Func<StoredClosing, IAsyncEnumerable<WindowRow>> read)
    {
        var sources = new List<(IAsyncEnumerator<WindowRow> Rows, int Kind)>();
        try
        {
            await AddAsync(sources, changes.Closed.ToAsyncEnumerable(), kind: -1);
            foreach (var closings in changes.Stored.GroupBy(closing => closing.Kind))
            {
                await AddAsync(sources, ReadAsync(closings, read), closings.Key);
            }

            while (sources.Count > 0)
            {
                var at = First(sources, changes);
                yield return sources[at].Rows.Current;
                if (!await sources[at].Rows.MoveNextAsync())
                {
                    await sources[at].Rows.DisposeAsync();
                    sources.RemoveAt(at);
                }
            }
        }
        finally
        {
            foreach (var (rows, _) in sources)
            {
                await rows.DisposeAsync();
            }
        }
    }

    private static async Task AddAsync(List<(IAsyncEnumerator<WindowRow> Rows, int Kind)> sources, IAsyncEnumerable<WindowRow> rows, int kind)
    {
        var source = rows.GetAsyncEnumerator();
        if (await source.MoveNextAsync())
        {
            sources.Add((source, kind));
        }
        else
        {
            await source.DisposeAsync();
        }
    }

    private static int First(List<(IAsyncEnumerator<WindowRow> Rows, int Kind)> sources, ChangeSet changes)
    {
        var (first, firstOrder) = (0, Order(0));
        for (var i = 1; i < sources.Count; i++)
        {
            if (Order(i) is var order && order.CompareTo(firstOrder) < 0)
            {
                (first, firstOrder) = (i, order);
            }
        }

        return first;

        (long EndMs, int Kind) Order(int at)
        {
            var row = sources[at].Rows.Current;
            return (row.Window.EndMs, sources[at].Kind >= 0 ? sources[at].Kind : changes.KindOf(row.Of));
        }
    }

    private static async IAsyncEnumerable<WindowRow> ReadAsync(IEnumerable<StoredClosing> closings, Func<StoredClosing, IAsyncEnumerable<WindowRow>> read)
    {
        foreach (var closing in closings)
        {
            var rows = closing.Rows == StoredKind.Panes ? Merged(closing, read(closing)) : read(closing);
            await foreach (var row in rows)
            {
                yield return row with { IsFinal = true, NewEvents = 0 };
            }
        }
    }

    /// <summary>Panes of one key follow one another.</summary>
    private static async IAsyncEnumerable<WindowRow> Merged(StoredClosing closing, IAsyncEnumerable<WindowRow> panes)
    {
        WindowRow? open = null;
        await foreach (var pane in panes)
        {
            if (open is { } row && row.Key.Equals(pane.Key))
            {
                var sum = new Measured(row.Measures, row.State).Merge(new Measured(pane.Measures, pane.State));
                open = row with { Measures = sum.Measures, State = sum.State };
                continue;
            }

            if (open is { } done)
            {
                yield return done;
            }

            open = new WindowRow(closing.Of, closing.Window, pane.Key, pane.Measures, IsFinal: false) { State = pane.State };
        }

        if (open is { } last)
        {
            yield return last;
        }
    }
}
