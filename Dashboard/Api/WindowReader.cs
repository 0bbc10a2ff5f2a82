using Npgsql;
using NpgsqlTypes;
using Streaming.Contracts.Pipelines;
using Streaming.Contracts.Windows;
using Streaming.Dashboard.Pipelines;
using static Streaming.Dashboard.Pipelines.PipelineRows;

namespace Streaming.Dashboard.Api;

/// <summary>What windows are asked for.</summary>
/// <param name="Key">Of this key only; null for all.</param>
/// <param name="Resolution">Merged to slots of this length; null: as they are.</param>
internal sealed record WindowQuestion(string? Key, DateTimeOffset From, DateTimeOffset To, TimeSpan? Resolution, PageCursor? After, int Limit);

/// <summary>
/// Reads a page of stored windows, merged over partitions. First the page's (start, key, end) by themselves, then the rows behind them: however many rows
/// there are, only those of one page are merged in memory.
/// </summary>
public sealed class WindowReader(NpgsqlDataSource database)
{
    private const int TimeoutSeconds = 20;

    // The starts of slots are counted from the epoch and the kind's own offset. Texts are compared as bytes: a cursor must not depend on a locale.
    private const string Keys = """
        SELECT DISTINCT p.s, p.e, p.k FROM (
          SELECT coalesce(date_bin($12, w.window_start, $13), w.window_start) AS s, coalesce(date_bin($12, w.window_start, $13) + $12, w.window_end) AS e, w.group_key COLLATE "C" AS k
          FROM unnest($3::int[], $4::timestamptz[], $5::timestamptz[]) AS g (generation, covers_from, covers_until)
          JOIN window_results w ON w.pipeline = $1 AND w.generation = g.generation AND w.window_name = $2 AND NOT w.is_pane
           AND w.window_start >= greatest($6, g.covers_from, $8::timestamptz) AND w.window_start < least($7, g.covers_until)
          WHERE $11::text IS NULL OR w.group_key = $11) p
        WHERE $8::timestamptz IS NULL OR (p.s, p.k, p.e) > ($8, $9::text COLLATE "C", $10::timestamptz)
        ORDER BY p.s, p.k, p.e LIMIT $14
        """;

    private const string Rows = """
        SELECT w.generation, w.topic_id, w.partition, w.is_pane, w.window_start, w.window_end, w.group_key, w.count, w.sum, w.min, w.max, w.late, w.is_final, w.version, w.state
        FROM unnest($4::timestamptz[], $5::timestamptz[], $6::text[]) AS p (s, e, k)
        JOIN window_results w ON w.pipeline = $1 AND w.window_name = $2 AND w.generation = ANY ($3) AND NOT w.is_pane
         AND w.window_start >= greatest(p.s, $8) AND w.window_start < least(p.e, $9) AND w.group_key = p.k AND ($7 OR (w.window_start = p.s AND w.window_end = p.e))
        """;

    /// <summary>The page, and where the next begins; the end is told by null.</summary>
    /// <exception cref="NpgsqlException">The database is away, or the answer took too long.</exception>
    internal async Task<(IReadOnlyList<MeasuredWindow> Windows, PageCursor? Next)> ReadAsync(
        PipelineInfo info, PipelineDescription description, WindowSpec spec, WindowQuestion question, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        var keys = await KeysAsync(connection, info, spec, question, cancellationToken);
        var next = keys.Count > question.Limit ? Cursor(keys[question.Limit - 1]) : null;
        keys = keys[..Math.Min(keys.Count, question.Limit)];
        if (keys.Count == 0)
        {
            return ([], null);
        }

        var grid = question.Resolution is { } length ? WindowGrid.Of(WindowSpecs.Tumbling(length, OffsetOf(spec))) : spec is SessionWindows ? null : spec.Columns();
        var fold = new WindowFold(info, description, grid, int.MaxValue);
        await using var command = new NpgsqlCommand(Rows, connection) { CommandTimeout = TimeoutSeconds };
        command.Parameters.Add(Text(info.Name));
        command.Parameters.Add(Text(spec.Name));
        command.Parameters.Add(Of(info.Covers().Select(cover => cover.Generation).ToArray()));
        command.Parameters.Add(Of(keys.Select(key => key.Start).ToArray()));
        command.Parameters.Add(Of(keys.Select(key => key.End).ToArray()));
        command.Parameters.Add(Of(keys.Select(key => key.Key).ToArray()));
        command.Parameters.Add(Of(question.Resolution is not null));
        command.Parameters.Add(Of(question.From.UtcDateTime));
        command.Parameters.Add(Of(question.To.UtcDateTime));
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            fold.Add(Window(rows));
        }

        return ([.. fold.Windows().OrderBy(w => w.Window.StartMs).ThenBy(w => w.Key, StringComparer.Ordinal).ThenBy(w => w.Window.EndMs)], next);
    }

    /// <summary>Of kinds of windows that can be merged to slots: how far their starts are from the epoch.</summary>
    internal static TimeSpan OffsetOf(WindowSpec spec) => spec is TumblingWindows tumbling ? tumbling.Offset : TimeSpan.Zero;

    private static async Task<List<(DateTime Start, DateTime End, string Key)>> KeysAsync(
        NpgsqlConnection connection, PipelineInfo info, WindowSpec spec, WindowQuestion question, CancellationToken cancellationToken)
    {
        var covers = info.Covers();
        await using var command = new NpgsqlCommand(Keys, connection) { CommandTimeout = TimeoutSeconds };
        command.Parameters.Add(Text(info.Name));
        command.Parameters.Add(Text(spec.Name));
        command.Parameters.Add(Of(covers.Select(cover => cover.Generation).ToArray()));
        command.Parameters.Add(Of(covers.Select(cover => Instant(cover.FromMs)).ToArray()));
        command.Parameters.Add(Of(covers.Select(cover => Instant(cover.UntilMs)).ToArray()));
        command.Parameters.Add(Of(question.From.UtcDateTime));
        command.Parameters.Add(Of(question.To.UtcDateTime));
        command.Parameters.Add(OrNull(question.After is { } after ? new DateTime(after.First, DateTimeKind.Utc) : null, NpgsqlDbType.TimestampTz));
        command.Parameters.Add(Text(question.After?.Text[0]));
        command.Parameters.Add(OrNull(question.After is { } end ? new DateTime(end.Second, DateTimeKind.Utc) : null, NpgsqlDbType.TimestampTz));
        command.Parameters.Add(Text(question.Key));
        command.Parameters.Add(OrNull(question.Resolution, NpgsqlDbType.Interval));
        command.Parameters.Add(Of(DateTime.UnixEpoch + OffsetOf(spec)));
        command.Parameters.Add(Of(question.Limit + 1));
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var keys = new List<(DateTime, DateTime, string)>();
        while (await rows.ReadAsync(cancellationToken))
        {
            keys.Add((rows.GetDateTime(0), rows.GetDateTime(1), rows.GetString(2)));
        }

        return keys;
    }

    private static NpgsqlParameter OrNull(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    private static PageCursor Cursor((DateTime Start, DateTime End, string Key) last) => new(last.Start.Ticks, last.End.Ticks, [last.Key]);
}
