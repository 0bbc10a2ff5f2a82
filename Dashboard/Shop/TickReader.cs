using System.Collections.Immutable;
using Npgsql;
using Streaming.Dashboard.Pipelines;

namespace Streaming.Dashboard.Shop;

/// <summary>Reads price changes out of the table <c>events</c>. Every question is bounded, however much the table holds.</summary>
public sealed class TickReader(NpgsqlDataSource database)
{
    /// <summary>How many of the newest changes are looked through for names when the feed begins.</summary>
    private const int Learned = 20_000;

    /// <summary>$1 pipeline, $2 to $4 the last offsets taken in by topic id and partition, $5 how many of each partition.</summary>
    private const string Newest = """
        SELECT e.topic_id, e.partition, e."offset", e.event_time, e.group_key, e.body, e.is_late
        FROM pipelines p
        JOIN checkpoints c ON c.pipeline = p.name AND c.generation = p.generation
        LEFT JOIN unnest($2::uuid[], $3::int[], $4::bigint[]) AS seen (topic_id, partition, "offset") ON seen.topic_id = c.topic_id AND seen.partition = c.partition
        CROSS JOIN LATERAL (
            SELECT * FROM events e
            WHERE e.pipeline = p.name AND e.generation = p.generation AND e.topic_id = c.topic_id AND e.partition = c.partition AND e."offset" > coalesce(seen."offset", -1)
            ORDER BY e."offset" DESC LIMIT $5) e
        WHERE p.name = $1
        """;

    /// <summary>$1 pipeline, $2 how many of the newest.</summary>
    private const string Names = """
        SELECT DISTINCT ON (group_key) topic_id, partition, "offset", event_time, group_key, body, is_late
        FROM (SELECT * FROM events WHERE pipeline = $1 ORDER BY event_time DESC LIMIT $2) newest
        ORDER BY group_key, event_time DESC
        """;

    /// <summary>$1 pipeline, $2 start, $3 end, $4 how many. Of an event that two generations have read, the newer one's row counts.</summary>
    private const string Between = """
        SELECT e.topic_id, e.partition, e."offset", e.event_time, e.group_key, e.body, e.is_late
        FROM pipelines p JOIN events e ON e.pipeline = p.name AND e.generation <= p.generation
        WHERE p.name = $1 AND e.event_time >= $2 AND e.event_time < $3
          AND NOT EXISTS (SELECT FROM events n WHERE n.pipeline = e.pipeline AND n.generation > e.generation AND n.generation <= p.generation
            AND n.topic_id = e.topic_id AND n.partition = e.partition AND n."offset" = e."offset")
        ORDER BY e.event_time DESC LIMIT $4
        """;

    /// <summary>The newest changes beyond what the ticker holds, at most its capacity of each partition.</summary>
    public Task<ImmutableArray<PriceTick>> NewestAsync(string pipeline, Ticker ticker, CancellationToken cancellationToken) => ReadAsync(
        Newest,
        [
            PipelineRows.Text(pipeline), PipelineRows.Of(ticker.Offsets.Keys.Select(key => key.TopicId).ToArray()), PipelineRows.Of(ticker.Offsets.Keys.Select(key => key.Partition).ToArray()),
            PipelineRows.Of(ticker.Offsets.Values.ToArray()), PipelineRows.Of(Ticker.Capacity),
        ],
        cancellationToken);

    /// <summary>One change of each product that has changed lately, to learn names from.</summary>
    public Task<ImmutableArray<PriceTick>> NamesAsync(string pipeline, CancellationToken cancellationToken) =>
        ReadAsync(Names, [PipelineRows.Text(pipeline), PipelineRows.Of(Learned)], cancellationToken);

    /// <summary>The newest changes of a past range, newest first by event time, as many as the ticker holds.</summary>
    public Task<ImmutableArray<PriceTick>> BetweenAsync(string pipeline, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) => ReadAsync(
        Between, [PipelineRows.Text(pipeline), PipelineRows.Of(from.UtcDateTime), PipelineRows.Of(to.UtcDateTime), PipelineRows.Of(Ticker.Capacity)], cancellationToken);

    private async Task<ImmutableArray<PriceTick>> ReadAsync(string sql, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var ticks = ImmutableArray.CreateBuilder<PriceTick>();
        while (await rows.ReadAsync(cancellationToken))
        {
            var place = new TickPlace(rows.GetGuid(0), rows.GetInt32(1), rows.GetInt64(2));
            var body = await rows.IsDBNullAsync(5, cancellationToken) ? [] : rows.GetFieldValue<byte[]>(5);
            ticks.Add(PriceTick.Of(place, rows.GetFieldValue<DateTimeOffset>(3), rows.GetString(4), body, rows.GetBoolean(6)));
        }

        return ticks.ToImmutable();
    }
}
