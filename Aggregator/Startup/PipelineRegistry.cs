using Npgsql;
using Streaming.Aggregator.Pipelines;

namespace Streaming.Aggregator.Startup;

/// <summary>The pipeline is another one than the one whose results are in the database.</summary>
public sealed class PipelineChangedException(string message) : Exception(message);

/// <summary>Enters the pipeline with its first generation, or finds the active one.</summary>
internal static class PipelineRegistry
{
    private const string Enter = "INSERT INTO pipelines (name, generation, is_paused, created_at) VALUES ($1, 1, false, now()) ON CONFLICT (name) DO NOTHING";

    private const string EnterGeneration = """
        INSERT INTO pipeline_generations (pipeline, generation, fingerprint, definition, state, created_at, activated_at)
        SELECT name, generation, $2, $3::jsonb, 'active', now(), now() FROM pipelines WHERE name = $1
        ON CONFLICT (pipeline, generation) DO UPDATE SET fingerprint = excluded.fingerprint, definition = excluded.definition
        WHERE pipeline_generations.fingerprint IN ('', excluded.fingerprint)
        """;

    private const string Find = "SELECT p.generation, g.fingerprint FROM pipelines p JOIN pipeline_generations g ON g.pipeline = p.name AND g.generation = p.generation WHERE p.name = $1";

    /// <summary>The active generation.</summary>
    /// <exception cref="PipelineChangedException">Windows of another size, grace, … cannot go on where these left off.</exception>
    public static async Task<int> EnterAsync(NpgsqlDataSource database, PipelineDefinition pipeline, CancellationToken cancellationToken)
    {
        await using var enter = database.CreateBatch();
        enter.BatchCommands.Add(new NpgsqlBatchCommand(Enter) { Parameters = { new() { Value = pipeline.Name } } });
        enter.BatchCommands.Add(new NpgsqlBatchCommand(EnterGeneration) { Parameters = { new() { Value = pipeline.Name }, new() { Value = pipeline.Fingerprint }, new() { Value = pipeline.Describe().ToJson() } } });
        await enter.ExecuteNonQueryAsync(cancellationToken);

        // A statement of its own: only its snapshot sees the row that another instance has entered at the same moment.
        await using var find = database.CreateCommand(Find);
        find.Parameters.AddWithValue(pipeline.Name);
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var (generation, fingerprint) = (reader.GetInt32(0), reader.GetString(1));
        return fingerprint == pipeline.Fingerprint
            ? generation
            : throw new PipelineChangedException(
                $"Pipeline '{pipeline.Name}' is defined as '{pipeline.Fingerprint}', but its results in the database were built as '{fingerprint}'. "
                + "Another definition needs a new generation; restore the old one or use an empty database.");
    }
}
