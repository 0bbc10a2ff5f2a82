namespace Streaming.Dashboard.Feed;

/// <summary>The statements of one question. Column orders are what <see cref="FeedReader"/> reads.</summary>
internal static class FeedQueries
{
    /// <summary>$1 pipeline.</summary>
    public const string Pipeline = "SELECT clock_timestamp(), (SELECT generation FROM pipelines WHERE name = $1)";

    /// <summary>$1 pipeline.</summary>
    public const string Checkpoints = """
        SELECT c.topic_id, c.partition, c.topic, c.version, c.next_offset, c.end_offset, c.watermark, c.events, c.late, c.rejected, c.updated_at, c.trace_parent
        FROM checkpoints c JOIN pipelines p ON p.name = c.pipeline AND p.generation = c.generation
        WHERE c.pipeline = $1
        """;

    /// <summary>
    /// $1 pipeline, $2 horizon, $3 the generation that the cursors belong to, $4 topic ids, $5 partitions, $6 versions seen. Of another
    /// generation, or of a partition without cursor, every window within the horizon counts as new.
    /// </summary>
    public const string Windows = """
        SELECT w.topic_id, w.partition, w.window_start, w.window_end, w.group_key, w.count, w.sum, w.min, w.max, w.late, w.is_final, w.version
        FROM window_results w
        JOIN pipelines p ON p.name = w.pipeline AND p.generation = w.generation
        LEFT JOIN unnest($4::uuid[], $5::int[], $6::bigint[]) AS seen(topic_id, partition, version)
          ON w.generation = $3 AND seen.topic_id = w.topic_id AND seen.partition = w.partition
        WHERE w.pipeline = $1 AND w.window_name = '1m' AND NOT w.is_pane
          AND w.window_start >= (
            SELECT coalesce(max(c.watermark), now()) - $2::interval
            FROM checkpoints c WHERE c.pipeline = p.name AND c.generation = p.generation)
          AND w.version > coalesce(seen.version, -1)
        """;

    /// <summary>$1 the largest change time seen. A change that committed after a later one was read is caught by the ten seconds of overlap.</summary>
    public const string Stores = """
        SELECT store_id, name, city, currency, updated_at, country, latitude, longitude FROM stores WHERE updated_at >= $1::timestamptz - interval '10 seconds'
        """;
}
