namespace Streaming.Dashboard.Pipelines;

/// <summary>The statements. Column orders are what <see cref="PipelineRows"/> reads.</summary>
internal static class PipelineQueries
{
    /// <summary>$1 pipeline; null for all.</summary>
    public const string Pipelines = "SELECT clock_timestamp(), name, generation, is_paused FROM pipelines WHERE $1::text IS NULL OR name = $1 ORDER BY name";

    /// <summary>$1 pipeline; null for all.</summary>
    public const string Generations = """
        SELECT pipeline, generation, state, definition::text, covers_from, activated_at IS NOT NULL
        FROM pipeline_generations WHERE $1::text IS NULL OR pipeline = $1 ORDER BY pipeline, generation
        """;

    /// <summary>$1 pipeline; null for all.</summary>
    public const string Checkpoints = """
        SELECT pipeline, generation, topic_id, partition, topic, version, next_offset, end_offset, watermark, events, late, rejected, filtered, updated_at
        FROM checkpoints WHERE $1::text IS NULL OR pipeline = $1
        """;

    /// <summary>
    /// $1 pipeline, $2 kind of windows, $3 generations with $4 first and $5 end of the window starts that are shown from them, $6 first start, $7 to $10 the
    /// versions seen by generation, topic id and partition, $11 the most rows. Panes are of windows that may start earlier or later: all of them are read.
    /// </summary>
    public const string Windows = """
        SELECT w.generation, w.topic_id, w.partition, w.is_pane, w.window_start, w.window_end, w.group_key, w.count, w.sum, w.min, w.max, w.late, w.is_final, w.version, w.state
        FROM unnest($3::int[], $4::timestamptz[], $5::timestamptz[]) AS g (generation, covers_from, covers_until)
        JOIN window_results w ON w.pipeline = $1 AND w.generation = g.generation AND w.window_name = $2
        LEFT JOIN unnest($7::int[], $8::uuid[], $9::int[], $10::bigint[]) AS seen (generation, topic_id, partition, version)
          ON seen.generation = w.generation AND seen.topic_id = w.topic_id AND seen.partition = w.partition
        WHERE w.window_start >= $6 AND (w.is_pane OR (w.window_start >= g.covers_from AND w.window_start < g.covers_until)) AND w.version > coalesce(seen.version, -1)
        ORDER BY w.window_start DESC LIMIT $11
        """;

    /// <summary>$1 pipeline, $2 kind of windows, $3 to $6 the versions seen.</summary>
    public const string Tombstones = """
        SELECT t.generation, t.topic_id, t.partition, t.is_pane, t.window_start, t.window_end, t.group_key, t.version
        FROM unnest($3::int[], $4::uuid[], $5::int[], $6::bigint[]) AS seen (generation, topic_id, partition, version)
        JOIN window_tombstones t ON t.pipeline = $1 AND t.generation = seen.generation AND t.topic_id = seen.topic_id AND t.partition = seen.partition
          AND t.version > seen.version AND t.window_name = $2
        """;

    /// <summary>
    /// Whether the topic of an alert's state s is alive: of a topic that exists under several ids only the one that moved last is. What fires for another would fire for
    /// ever, since no event will come that ends it.
    /// </summary>
    public const string IsAlive = """
        NOT EXISTS (
          SELECT 1 FROM checkpoints c
          JOIN checkpoints o ON o.pipeline = c.pipeline AND o.generation = c.generation AND o.topic = c.topic AND o.topic_id <> c.topic_id
          WHERE c.pipeline = s.pipeline AND c.generation = s.generation AND c.topic_id = s.topic_id
          HAVING max(o.updated_at) > max(c.updated_at))
        """;

    /// <summary>$1 pipeline, $2 generation, $3 how many. The last firing transition says what, since when, and why.</summary>
    public const string Firing = $"""
        SELECT s.rule, s.group_key, a.at, true, coalesce(a.severity, ''), coalesce(a.message, ''), coalesce(a.window_name, ''), a.window_start, a.window_end, a.value, a.threshold,
               count(*) OVER ()
        FROM alert_states s LEFT JOIN LATERAL (
          SELECT * FROM alerts a WHERE a.pipeline = s.pipeline AND a.generation = s.generation AND a.topic_id = s.topic_id AND a.partition = s.partition
            AND a.rule = s.rule AND a.group_key = s.group_key AND a.transition = 'firing' ORDER BY a.at DESC LIMIT 1) a ON true
        WHERE s.pipeline = $1 AND s.generation = $2 AND s.is_firing AND {IsAlive}
        ORDER BY a.at DESC NULLS LAST, s.rule, s.group_key LIMIT $3
        """;

    /// <summary>$1 pipeline, $2 generation, $3 how many.</summary>
    public const string Transitions = """
        SELECT rule, group_key, at, transition = 'firing', severity, message, window_name, window_start, window_end, value, threshold, 0::bigint
        FROM alerts WHERE pipeline = $1 AND generation = $2 ORDER BY at DESC, created_at DESC, rule, group_key LIMIT $3
        """;
}
