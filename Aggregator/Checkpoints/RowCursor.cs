using System.Runtime.CompilerServices;
using Npgsql;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Measures;

namespace Streaming.Aggregator.Checkpoints;

/// <summary>
/// Reads the answer to a query page by page inside a transaction, so that memory holds one page of it. Between two pages the connection is free for other
/// statements, whose changes the answer does not show.
/// </summary>
/// <param name="connection">A connection inside a transaction.</param>
/// <param name="name">A name that no other cursor of the transaction has.</param>
/// <param name="query">Selects <see cref="OpenRowSql.Columns"/>; its parameters are added by the caller.</param>
/// <param name="parameters">Adds the query's parameters.</param>
internal sealed class RowCursor(NpgsqlConnection connection, string name, string query, Action<NpgsqlParameterCollection> parameters)
{
    /// <summary>Rows of a page; fewer where each carries a state, which may take some ten kilobytes.</summary>
    private const int PageRows = 5000;

    /// <summary>Seconds for the first page of an answer, which may have to be sorted wholly.</summary>
    public const int LimitSeconds = 600;

    private const int PageRowsWithState = 1000;

    /// <exception cref="MeasureStateException">A stored state is none of these measures.</exception>
    public async IAsyncEnumerable<WindowRow> ReadAsync(
        WindowPlan windows, MeasurePlan measures, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using (var declare = new NpgsqlCommand($"DECLARE {name} NO SCROLL CURSOR FOR {query}", connection))
        {
            parameters(declare.Parameters);
            await declare.ExecuteNonQueryAsync(cancellationToken);
        }

        var most = measures.NeedsState ? PageRowsWithState : PageRows;
        await using var fetch = new NpgsqlCommand($"FETCH {most} FROM {name}", connection) { CommandTimeout = LimitSeconds };
        var page = new List<WindowRow>(most);
        do
        {
            page.Clear();
            await OpenRowSql.ReadAsync(fetch, windows, measures, page, cancellationToken);
            foreach (var row in page)
            {
                yield return row;
            }
        }
        while (page.Count == most);

        await using var close = new NpgsqlCommand($"CLOSE {name}", connection);
        await close.ExecuteNonQueryAsync(cancellationToken);
    }
}
