using Npgsql;
using NpgsqlTypes;
using Streaming.Dashboard.Pipelines;
using static Streaming.Dashboard.Pipelines.PipelineRows;

namespace Streaming.Dashboard.Api;

/// <summary>What alerts are asked for; null: any.</summary>
/// <param name="FiringOnly">Only the last transition of alerts that fire now.</param>
internal sealed record AlertQuestion(
    string? Pipeline, string? Rule, string? Key, bool FiringOnly, DateTimeOffset From, DateTimeOffset To, PageCursor? After, int Limit);

/// <summary>Reads pages of transitions of alerts, of the generations that are shown.</summary>
public sealed class AlertReader(NpgsqlDataSource database)
{
    private const int TimeoutSeconds = 20;

    private const string Sql = $"""
        SELECT a.pipeline, a.rule, a.group_key, a.transition, a.at, a.severity, a.message, a.window_name, a.window_start, a.window_end, a.value, a.threshold,
               a.topic_id::text, a.partition, coalesce(s.is_firing, false) AND a.transition = 'firing' AND {PipelineQueries.IsAlive} AND NOT EXISTS (
                 SELECT FROM alerts n WHERE n.pipeline = a.pipeline AND n.generation = a.generation AND n.topic_id = a.topic_id AND n.partition = a.partition
                   AND n.rule = a.rule AND n.group_key = a.group_key AND n.at > a.at) AS is_firing_now
        FROM alerts a
        JOIN pipelines p ON p.name = a.pipeline AND p.generation = a.generation
        LEFT JOIN alert_states s ON s.pipeline = a.pipeline AND s.generation = a.generation AND s.topic_id = a.topic_id AND s.partition = a.partition
          AND s.rule = a.rule AND s.group_key = a.group_key
        WHERE ($1::text IS NULL OR a.pipeline = $1) AND ($2::text IS NULL OR a.rule = $2) AND ($3::text IS NULL OR a.group_key = $3)
          AND a.at >= $4 AND a.at < $5 AND (NOT $6 OR (s.is_firing AND a.transition = 'firing' AND {PipelineQueries.IsAlive} AND NOT EXISTS (
                 SELECT FROM alerts n WHERE n.pipeline = a.pipeline AND n.generation = a.generation AND n.topic_id = a.topic_id AND n.partition = a.partition
                   AND n.rule = a.rule AND n.group_key = a.group_key AND n.at > a.at)))
          AND ($7::timestamptz IS NULL OR (a.at, a.pipeline COLLATE "C", a.rule COLLATE "C", a.group_key COLLATE "C", a.transition COLLATE "C", a.topic_id::text COLLATE "C", a.partition)
             < ($7, $8::text COLLATE "C", $9::text COLLATE "C", $10::text COLLATE "C", $11::text COLLATE "C", $12::text COLLATE "C", $13))
        ORDER BY a.at DESC, a.pipeline COLLATE "C" DESC, a.rule COLLATE "C" DESC, a.group_key COLLATE "C" DESC, a.transition COLLATE "C" DESC, a.topic_id::text COLLATE "C" DESC, a.partition DESC
        LIMIT $14
        """;

    /// <exception cref="NpgsqlException">The database is away, or the answer took too long.</exception>
    internal async Task<AlertPage> ReadAsync(AlertQuestion question, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Sql);
        command.CommandTimeout = TimeoutSeconds;
        var after = question.After;
        command.Parameters.Add(Text(question.Pipeline));
        command.Parameters.Add(Text(question.Rule));
        command.Parameters.Add(Text(question.Key));
        command.Parameters.Add(Of(question.From.UtcDateTime));
        command.Parameters.Add(Of(question.To.UtcDateTime));
        command.Parameters.Add(Of(question.FiringOnly));
        command.Parameters.Add(new() { Value = after is null ? DBNull.Value : new DateTime(after.First, DateTimeKind.Utc), NpgsqlDbType = NpgsqlDbType.TimestampTz });
        for (var i = 0; i < 5; i++)
        {
            command.Parameters.Add(Text(after?.Text[i]));
        }

        command.Parameters.Add(Of((int)(after?.Second ?? 0)));
        command.Parameters.Add(Of(question.Limit + 1));
        var found = new List<(AlertItem Item, PageCursor Cursor)>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                found.Add((Item(reader), CursorOf(reader)));
            }
        }

        return new AlertPage([.. found.Take(question.Limit).Select(f => f.Item)], found.Count > question.Limit ? found[question.Limit - 1].Cursor.Encode() : null);
    }

    private static AlertItem Item(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetFieldValue<DateTimeOffset>(4), row.GetString(5), row.GetString(6), row.GetString(7),
        row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8), row.IsDBNull(9) ? null : row.GetFieldValue<DateTimeOffset>(9),
        Number(row, 10), Number(row, 11), row.GetBoolean(14));

    // NaN and infinities are no numbers of JSON.
    private static double? Number(NpgsqlDataReader row, int column) => row.IsDBNull(column) || !double.IsFinite(row.GetDouble(column)) ? null : row.GetDouble(column);

    private static PageCursor CursorOf(NpgsqlDataReader row) =>
        new(row.GetDateTime(4).Ticks, row.GetInt32(13), [row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(12)]);
}
