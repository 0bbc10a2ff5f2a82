using Npgsql;
using Streaming.Aggregator.Pipelines;

namespace Streaming.Aggregator.Startup;

/// <summary>The pipeline is another one than the one whose results are in the database.</summary>
public sealed class PipelineChangedException(string message) : Exception(message);

/// <summary>Enters the pipeline with its first generation, or finds the active one.</summary>
internal static class PipelineRegistry
{
    private const string Enter = "INSERT INTO pipelines (name, generation, fingerprint, created_at) VALUES ($1, 1, $2, now()) ON CONFLICT (name) DO NOTHING";
    private const string Find = "SELECT generation, fingerprint FROM pipelines WHERE name = $1";

    /// <summary>The active generation.</summary>
    /// <exception cref="PipelineChangedException">Windows of another size, grace, … cannot go on where these left off.</exception>
    public static async Task<int> EnterAsync(NpgsqlDataSource database, PipelineDefinition pipeline, CancellationToken cancellationToken)
    {
        await using var enter = database.CreateCommand(Enter);
        enter.Parameters.AddWithValue(pipeline.Name);
        enter.Parameters.AddWithValue(pipeline.Fingerprint);
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
