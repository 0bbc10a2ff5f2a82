using Npgsql;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Telemetry;

namespace Streaming.Aggregator.Startup;

/// <summary>
/// Deletes kept events that are older than their pipeline keeps them, once a minute, in small portions; all of them where a pipeline keeps none (any more). Sampled ones,
/// of which there are few, after an hour: every pipeline's, since nobody runs one that was removed.
/// </summary>
internal sealed class EventRetention(NpgsqlDataSource database, PipelineDefinition pipeline, ILogger logger)
{
    private const string Portion = """
        DELETE FROM events WHERE ctid IN (SELECT ctid FROM events WHERE pipeline = $1 AND event_time < now() - $2 LIMIT 10000)
        """;

    private const string Sampled = "DELETE FROM sampled_events WHERE created_at < now() - $1";

    /// <summary>Sampled events, whose traces are rarely kept for longer.</summary>
    private static readonly TimeSpan SampledKept = TimeSpan.FromHours(1);

    /// <summary>Deletes those of the future bound as well.</summary>
    private static readonly TimeSpan Everything = TimeSpan.FromDays(-3650);

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await DeleteAsync(cancellationToken);
                await Task.Delay(Interval, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end.
        }
    }

    /// <summary>Deletes what is too old now.</summary>
    public async Task DeleteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var sampled = database.CreateCommand(Sampled);
            sampled.Parameters.AddWithValue(SampledKept);
            await sampled.ExecuteNonQueryAsync(cancellationToken);
            await using var command = database.CreateCommand(Portion);
            command.Parameters.AddWithValue(pipeline.Name);
            command.Parameters.AddWithValue(pipeline.KeptEvents ?? Everything);
            while (await command.ExecuteNonQueryAsync(cancellationToken) > 0)
            {
                // The next portion.
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && CheckpointErrors.MayPass(e))
        {
            AggregatorLog.DeletionFails(logger, e.Message);
        }
    }
}
