using System.Data.Common;
using Npgsql;
using Streaming.Aggregator.Pipelines;

namespace Streaming.Aggregator.Control;

/// <summary>Reads and writes the rows that every instance obeys.</summary>
internal sealed class ControlStore(NpgsqlDataSource database)
{
    /// <summary>The channel on which a change of the rows is told: the payload is the pipeline's name.</summary>
    public const string Channel = "streaming_control";

    private const string Enter = "INSERT INTO pipelines (name, generation, is_paused, created_at) VALUES ($1, 1, false, now()) ON CONFLICT (name) DO NOTHING";

    // A row without a fingerprint was made by a migration, from results of before there were any. What readers need to know may change (titles, units).
    private const string EnterGeneration = """
        INSERT INTO pipeline_generations (pipeline, generation, fingerprint, definition, state, created_at, activated_at)
        SELECT name, 1, $2, $3::jsonb, 'active', now(), now() FROM pipelines WHERE name = $1 AND generation = 1
        ON CONFLICT (pipeline, generation) DO UPDATE SET fingerprint = excluded.fingerprint, definition = excluded.definition
        WHERE pipeline_generations.fingerprint = ''
        """;

    private const string Describe = "UPDATE pipeline_generations SET definition = $3::jsonb WHERE pipeline = $1 AND fingerprint = $2 AND state <> 'retired' AND definition <> $3::jsonb";

    // Paused and the generations in one statement: one snapshot.
    private const string Read = """
        SELECT p.is_paused, p.generation, g.generation, g.fingerprint, g.state, g.replay_from, g.covers_from, g.created_at, g.activated_at, g.retired_at
        FROM pipelines p JOIN pipeline_generations g ON g.pipeline = p.name WHERE p.name = $1 ORDER BY g.generation
        """;

    private const string Pause = "UPDATE pipelines SET is_paused = $2 WHERE name = $1 AND is_paused <> $2";

    /// <summary>Enters the pipeline with its first generation unless it is there.</summary>
    public async Task EnterAsync(PipelineDefinition pipeline, CancellationToken cancellationToken)
    {
        var definition = pipeline.Describe().ToJson();
        await using var enter = database.CreateBatch();
        enter.BatchCommands.Add(new NpgsqlBatchCommand(Enter) { Parameters = { new() { Value = pipeline.Name } } });
        foreach (var sql in new[] { EnterGeneration, Describe })
        {
            enter.BatchCommands.Add(new NpgsqlBatchCommand(sql)
            {
                Parameters = { new() { Value = pipeline.Name }, new() { Value = pipeline.Fingerprint }, new() { Value = definition } },
            });
        }

        await enter.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The rows of a pipeline; null when it was never entered.</summary>
    /// <exception cref="DbException">PostgreSQL is away.</exception>
    public async Task<ControlRows?> ReadAsync(string pipeline, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Read);
        command.Parameters.AddWithValue(pipeline);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var generations = new List<GenerationRow>();
        var (isPaused, active) = (false, 0);
        while (await reader.ReadAsync(cancellationToken))
        {
            (isPaused, active) = (reader.GetBoolean(0), reader.GetInt32(1));
            generations.Add(new GenerationRow(
                reader.GetInt32(2), reader.GetString(3), reader.GetString(4), Instant(reader, 5), Instant(reader, 6), reader.GetDateTime(7), Instant(reader, 8), Instant(reader, 9)));
        }

        return generations.Count == 0 ? null : new ControlRows(isPaused, active, generations);
    }

    /// <summary>Pauses or resumes a pipeline. False when it was so already.</summary>
    public async Task<bool> SetPausedAsync(string pipeline, bool isPaused, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Pause);
        command.Parameters.AddWithValue(pipeline);
        command.Parameters.AddWithValue(isPaused);
        var changed = await command.ExecuteNonQueryAsync(cancellationToken) == 1;
        await NotifyAsync(pipeline, cancellationToken);
        return changed;
    }

    /// <summary>Tells every instance to look at the rows now; they look every second anyway.</summary>
    public async Task NotifyAsync(string pipeline, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT pg_notify($1, $2)");
        command.Parameters.AddWithValue(Channel);
        command.Parameters.AddWithValue(pipeline);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    internal static DateTime? Instant(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetDateTime(column);
}
