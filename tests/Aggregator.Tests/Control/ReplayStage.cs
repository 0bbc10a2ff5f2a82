using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Aggregator.Control;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;

namespace Streaming.Aggregator.Tests.Control;

/// <summary>What tests of replays ask for and look at.</summary>
internal static class ReplayStage
{
    /// <summary>A row of a result: everything but the generation and the version.</summary>
    public sealed record Row(Guid TopicId, int Partition, string Key, DateTime Start, DateTime End, long Count, decimal Sum, long Min, long Max, long Late, bool IsFinal);

    public static SourceLog SourceLog(this PipelineStage stage) => new(stage.Admin);

    /// <summary>The administrator's hand, as the endpoint has it.</summary>
    public static PipelineControl Control(this PipelineStage stage, PipelineDefinition? pipeline = null) =>
        new([pipeline ?? SalesByStore.Define()], stage.Database, stage.SourceLog(), TimeProvider.System, NullLogger<PipelineControl>.Instance);

    public static async Task<ActionReport> ReplayAsync(this PipelineStage stage, PipelineDefinition? pipeline = null, DateTimeOffset? from = null)
    {
        var control = stage.Control(pipeline);
        return await control.ReplayAsync(control.Find((pipeline ?? SalesByStore.Define()).Name)!, from, "a test", CancellationToken.None);
    }

    public static Task ActiveAsync(this PipelineStage stage, int generation) => Until.TrueAsync(
        async () => await stage.NumberAsync("SELECT generation FROM pipelines WHERE name = 'sales-by-store'") == generation,
        $"generation {generation} takes over",
        async () => $"{await stage.TextAsync("SELECT json_agg(c)::text FROM (SELECT generation, partition, version, next_offset, events, late FROM checkpoints ORDER BY 2, 1) c")}\n{stage.Lines}");

    /// <summary>The rows of one generation, in order of their keys.</summary>
    public static Task<IReadOnlyList<Row>> RowsAsync(this PipelineStage stage, int generation) => stage.RowsAsync($"generation = {generation}");

    /// <summary>The rows that readers show, by the query of docs/semantics.md.</summary>
    public static Task<IReadOnlyList<Row>> ShownAsync(this PipelineStage stage) => stage.RowsAsync("""
        generation = (SELECT max(g.generation) FROM pipeline_generations g
            WHERE g.pipeline = r.pipeline AND activated_at IS NOT NULL AND (covers_from IS NULL OR covers_from <= r.window_start))
        """);

    public static async Task<string?> TextAsync(this PipelineStage stage, string sql)
    {
        await using var command = stage.Database.CreateCommand(sql);
        return await command.ExecuteScalarAsync() as string;
    }

    private static async Task<IReadOnlyList<Row>> RowsAsync(this PipelineStage stage, string condition)
    {
        await using var command = stage.Database.CreateCommand($"""
            SELECT topic_id, partition, group_key, window_start, window_end, count, sum, min, max, late, is_final FROM window_results r
            WHERE pipeline = 'sales-by-store' AND {condition} ORDER BY topic_id, partition, window_start, window_end, group_key
            """);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<Row>();
        while (await reader.ReadAsync())
        {
            rows.Add(new Row(
                reader.GetGuid(0), reader.GetInt32(1), reader.GetString(2), reader.GetDateTime(3), reader.GetDateTime(4), reader.GetInt64(5), reader.GetDecimal(6),
                reader.GetInt64(7), reader.GetInt64(8), reader.GetInt64(9), reader.GetBoolean(10)));
        }

        return rows;
    }
}
