using Streaming.Dashboard.Pipelines;

namespace Streaming.Dashboard.Alerts;

/// <summary>The statements. Both give the columns that <see cref="AlertHistory"/> reads; of each pipeline, its active generation.</summary>
internal static class AlertQueries
{
    private const string Active = """
        SELECT p.name, p.generation, coalesce(g.definition ->> 'title', p.name) AS title
        FROM pipelines p LEFT JOIN pipeline_generations g ON g.pipeline = p.name AND g.generation = p.generation
        """;

    /// <summary>$1 how many. What fires by what the rules remember; the last firing transition says since when and why.</summary>
    public const string Firing = $"""
        WITH active AS ({Active})
        SELECT s.pipeline, p.title, s.rule, s.group_key, a.at, NULL::timestamptz, true, coalesce(a.severity, ''), coalesce(a.message, ''), a.window_name, a.window_start, a.window_end,
               a.value, a.threshold, count(*) OVER (), a.trace_parent
        FROM active p JOIN alert_states s ON s.pipeline = p.name AND s.generation = p.generation AND s.is_firing
        LEFT JOIN LATERAL (
          SELECT * FROM alerts a WHERE a.pipeline = s.pipeline AND a.generation = s.generation AND a.topic_id = s.topic_id AND a.partition = s.partition
            AND a.rule = s.rule AND a.group_key = s.group_key AND a.transition = 'firing' ORDER BY a.at DESC LIMIT 1) a ON true
        WHERE {PipelineQueries.IsAlive}
        ORDER BY a.at DESC NULLS LAST, s.pipeline, s.rule, s.group_key LIMIT $1
        """;

    /// <summary>
    /// $1 how many, $2 and $3 between which event times they began. The newest of each pipeline first, each with the transition that ended it; one that fires is the last
    /// of its key that has no end, while its rule says that it fires.
    /// </summary>
    public const string Begun = $"""
        WITH active AS ({Active})
        SELECT a.pipeline, p.title, a.rule, a.group_key, a.at, r.at,
               r.at IS NULL AND EXISTS (
                 SELECT FROM alert_states s WHERE s.pipeline = a.pipeline AND s.generation = a.generation AND s.topic_id = a.topic_id AND s.partition = a.partition
                   AND s.rule = a.rule AND s.group_key = a.group_key AND s.is_firing AND {PipelineQueries.IsAlive}),
               a.severity, a.message, a.window_name, a.window_start, a.window_end, a.value, a.threshold, 0::bigint, a.trace_parent
        FROM active p
        CROSS JOIN LATERAL (
          SELECT * FROM alerts a WHERE a.pipeline = p.name AND a.generation = p.generation AND a.at >= $2 AND a.at < $3 AND a.transition = 'firing' ORDER BY a.at DESC LIMIT $1) a
        LEFT JOIN LATERAL (
          SELECT min(r.at) AS at FROM alerts r WHERE r.pipeline = a.pipeline AND r.generation = a.generation AND r.topic_id = a.topic_id AND r.partition = a.partition
            AND r.rule = a.rule AND r.group_key = a.group_key AND r.at >= a.at AND r.transition = 'resolved') r ON true
        ORDER BY a.at DESC, a.pipeline, a.rule, a.group_key LIMIT $1
        """;
}
