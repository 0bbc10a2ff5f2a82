namespace Streaming.Dashboard.Proof;

/// <summary>The statements.</summary>
internal static class ProofQueries
{
    /// <summary>
    /// Both ways in one statement, so of one moment. $1 pipeline, $2 generation, $3 first minute, $4 end, $5 out-of-orderness, $6 grace.
    ///
    /// The database's way knows nothing of the Aggregator's verdicts: it counts raw events per minute and finds out itself which were too late. A minute's window closes, in
    /// each partition, when an event's time minus the out-of-orderness, or an idle mark, has passed the minute's end and grace (docs/semantics.md). So: for each closing minute
    /// the first offset that comes after that, then the smallest of those that close the minute or a later one. Events before the range cannot close a minute in it.
    /// </summary>
    public const string BothWays = """
        WITH raw AS MATERIALIZED (
          SELECT topic_id, partition, "offset" AS at, event_time, group_key, "values"[1] AS amount, date_bin('1 minute', event_time, 'epoch') AS minute
          FROM events WHERE pipeline = $1 AND generation = $2 AND event_time >= $3
        ), passing AS (
          SELECT topic_id, partition, date_bin('1 minute', event_time - ($5::interval + $6::interval), 'epoch') AS passed, min(at) + 1 AS after FROM raw GROUP BY 1, 2, 3
          UNION ALL
          SELECT topic_id, partition, date_bin('1 minute', watermark - $6::interval, 'epoch'), min(next_offset)
          FROM idle_marks WHERE pipeline = $1 AND generation = $2 AND watermark >= $3 GROUP BY 1, 2, 3
        ), closing AS (
          SELECT m.minute, p.topic_id, p.partition, min(p.after) AS after
          FROM generate_series($3::timestamptz, $4::timestamptz - interval '1 minute', interval '1 minute') AS m (minute) JOIN passing p ON p.passed >= m.minute + interval '1 minute'
          GROUP BY 1, 2, 3
        ), by_database AS (
          SELECT r.minute, r.group_key, count(*) FILTER (WHERE c.after IS NULL OR r.at < c.after) AS count,
                 coalesce(sum(r.amount) FILTER (WHERE c.after IS NULL OR r.at < c.after), 0) AS sum, count(*) FILTER (WHERE r.at >= c.after) AS late
          FROM raw r LEFT JOIN closing c ON c.minute = r.minute AND c.topic_id = r.topic_id AND c.partition = r.partition
          WHERE r.minute < $4 GROUP BY 1, 2
        ), by_stream AS (
          SELECT window_start AS minute, group_key, sum(count)::bigint AS count, sum(sum) AS sum, sum(late)::bigint AS late
          FROM window_results WHERE pipeline = $1 AND generation = $2 AND window_name = $7 AND NOT is_pane AND window_start >= $3 AND window_start < $4 GROUP BY 1, 2
        )
        SELECT coalesce(s.minute, d.minute), coalesce(s.group_key, d.group_key), coalesce(s.count, 0), coalesce(s.sum, 0), coalesce(s.late, 0),
               coalesce(d.count, 0), coalesce(d.sum, 0), coalesce(d.late, 0)
        FROM by_stream s FULL JOIN by_database d ON d.minute = s.minute AND d.group_key = s.group_key
        LIMIT $8
        """;

    /// <summary>
    /// $1 pipeline, $2 generation, $3 topic ids with $4 partitions. For each partition the first kept offset and, among the twenty events from there on, the largest event time;
    /// and the newest event time of all. An event without its predecessors tells from which minute on they are whole.
    /// </summary>
    public const string Kept = """
        SELECT first.at, first.time, (SELECT event_time FROM events WHERE pipeline = $1 ORDER BY event_time DESC LIMIT 1)
        FROM unnest($3::uuid[], $4::int[]) AS p (topic_id, partition)
        CROSS JOIN LATERAL (
          SELECT min(f.at) AS at, max(f.event_time) AS time FROM (
            SELECT "offset" AS at, event_time FROM events e WHERE e.pipeline = $1 AND e.generation = $2 AND e.topic_id = p.topic_id AND e.partition = p.partition ORDER BY "offset" LIMIT 20) f) first
        """;
}
