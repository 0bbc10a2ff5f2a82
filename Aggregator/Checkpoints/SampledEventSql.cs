using Npgsql;
using NpgsqlTypes;
using Streaming.Contracts.Tracing;

namespace Streaming.Aggregator.Checkpoints;

/// <summary>
/// Step 2, too: the sampled events, with the contexts of their creation and of the checkpoint that took them in, so that a person gets from an event to its trace. A few for
/// each checkpoint at most, whether the pipeline keeps its events or not.
/// </summary>
internal static class SampledEventSql
{
    private const string Insert = """
        INSERT INTO sampled_events (pipeline, generation, topic_id, partition, "offset", event_time, group_key, is_late, "values", trace_parent, checkpoint_trace_parent, version, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, now())
        ON CONFLICT DO NOTHING
        """;

    public static async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<MovedPartition> moved, CancellationToken cancellationToken)
    {
        // Without a span there is nothing that the trace could be followed into.
        await using var batch = new NpgsqlBatch(connection);
        foreach (var partition in moved.Where(m => m.TraceParent is not null))
        {
            foreach (var sampled in partition.Change.Sampled)
            {
                if (sampled.Event is { } taken)
                {
                    batch.BatchCommands.Add(Command(partition, sampled, taken));
                }
            }
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static NpgsqlBatchCommand Command(MovedPartition moved, SampledRecord sampled, TakenEvent taken)
    {
        var command = new NpgsqlBatchCommand(Insert);
        PartitionParameters.Add(command.Parameters, moved.Change.Partition);
        command.Parameters.Add(new() { Value = taken.Offset });
        command.Parameters.Add(new() { Value = DateTimeOffset.FromUnixTimeMilliseconds(taken.EventTimeMs).UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = taken.Key.Text });
        command.Parameters.Add(new() { Value = taken.IsLate });
        command.Parameters.Add(new() { Value = taken.Values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = TraceParent.Format(sampled.Trace) });
        command.Parameters.Add(new() { Value = moved.TraceParent });
        command.Parameters.Add(new() { Value = moved.Version });
        return command;
    }
}
