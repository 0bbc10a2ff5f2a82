using Microsoft.EntityFrameworkCore;
using Streaming.Dashboard.Pipelines;
using Streaming.Data;

namespace Streaming.Dashboard.Queries;

/// <summary>
/// Which generations' windows of a past range are shown (docs/semantics.md): the active one's from its <c>covers_from</c> on, a former one's before. After a
/// replay the active generation alone would lack what the input no longer holds.
/// </summary>
/// <param name="Generations">Newest first.</param>
/// <param name="From">The first window start that is shown from each.</param>
/// <param name="Until">The first window start that is another's.</param>
internal sealed record ShownMinutes(int[] Generations, DateTime[] From, DateTime[] Until)
{
    /// <summary>Reads them; none when there is no such pipeline.</summary>
    public static async Task<ShownMinutes> ReadAsync(StreamingDbContext database, string pipeline, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        var active = await database.Pipelines.Where(p => p.Name == pipeline).Select(p => (int?)p.Generation).FirstOrDefaultAsync(cancellationToken);
        var rows = await database.PipelineGenerations.Where(g => g.Pipeline == pipeline).OrderBy(g => g.Generation)
            .Select(g => new { g.Generation, g.State, g.CoversFrom, WasShown = g.ActivatedAt != null }).ToListAsync(cancellationToken);
        var covers = active is not { } shown ? [] : new PipelineInfo(
            pipeline, shown, IsPaused: false, [.. rows.Select(g => new PipelineGenerationInfo(g.Generation, g.State, "{}", g.CoversFrom, g.WasShown))], []).Covers();
        return new ShownMinutes(
            [.. covers.Select(c => c.Generation)], [.. covers.Select(c => PipelineRows.Instant(c.FromMs))], [.. covers.Select(c => PipelineRows.Instant(c.UntilMs))]);
    }

    /// <summary>The rows of windows of one minute that they show.</summary>
    public IQueryable<WindowResult> Of(StreamingDbContext database, string pipeline)
    {
        ArgumentNullException.ThrowIfNull(database);
        return database.WindowResults.FromSql($"""
            SELECT w.* FROM unnest({Generations}, {From}, {Until}) AS g (generation, covers_from, covers_until)
            JOIN window_results w ON w.pipeline = {pipeline} AND w.generation = g.generation AND w.window_name = '1m' AND NOT w.is_pane
              AND w.window_start >= g.covers_from AND w.window_start < g.covers_until
            """).AsNoTracking();
    }
}
