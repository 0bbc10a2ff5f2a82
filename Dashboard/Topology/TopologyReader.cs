using System.Collections.Immutable;
using Npgsql;

namespace Streaming.Dashboard.Topology;

/// <summary>Asks the database for the counters of a pipeline: a dozen short rows.</summary>
public sealed class TopologyReader(NpgsqlDataSource database)
{
    private const string Clock = "SELECT clock_timestamp()";

    /// <summary>$1 pipeline.</summary>
    private const string Windows = """
        SELECT c.generation || ' ' || c.topic_id || ' ' || c.partition, c.events, c.filtered, c.rejected, c.late, c.events + c.filtered + c.rejected + c.late, c.updated_at
        FROM checkpoints c JOIN pipelines p ON p.name = c.pipeline AND p.generation = c.generation
        WHERE c.pipeline = $1
        """;

    /// <summary>$1 pipeline.</summary>
    private const string Stage = """
        SELECT instance || ' ' || started_at, published, filtered, rejected, 0::bigint, taken, updated_at FROM stage_progress WHERE pipeline = $1
        """;

    /// <summary>$1 pipeline.</summary>
    private const string Outputs = """
        SELECT f.instance || ' ' || f.started_at, f.closed_windows, 0::bigint, 0::bigint, 0::bigint, f.alert_transitions, f.updated_at
        FROM instance_figures f JOIN pipelines p ON p.name = f.pipeline AND p.generation = f.generation
        WHERE f.pipeline = $1
        """;

    /// <summary>The counters now.</summary>
    public async Task<TopologySample> ReadAsync(string pipeline, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Clock));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Windows) { Parameters = { new() { Value = pipeline } } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Stage) { Parameters = { new() { Value = pipeline } } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Outputs) { Parameters = { new() { Value = pipeline } } });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var now = reader.GetFieldValue<DateTimeOffset>(0);
        await reader.NextResultAsync(cancellationToken);
        var windows = await ReadingAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var stage = await ReadingAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return new TopologySample(now, windows, stage) { Outputs = await ReadingAsync(reader, cancellationToken) };
    }

    private static async Task<FlowReading> ReadingAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var counts = FlowReading.None.Counts.ToBuilder();
        DateTimeOffset? newest = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            counts[reader.GetString(0)] = new FlowCounts(reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5));
            var updated = reader.GetFieldValue<DateTimeOffset>(6);
            newest = newest is { } other && other > updated ? other : updated;
        }

        return new FlowReading(counts.ToImmutable(), newest);
    }
}
