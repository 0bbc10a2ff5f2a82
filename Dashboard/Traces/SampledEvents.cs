using System.Collections.Immutable;
using Npgsql;
using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Traces;

/// <summary>An event whose way through the application was traced.</summary>
/// <param name="TopicId">Together with the next two: which record it is. A trace may have any number of them.</param>
/// <param name="Partition">Of the topic.</param>
/// <param name="Offset">In the partition.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Key">What it is grouped by: the store.</param>
/// <param name="Value">The first of the pipeline's fields, in units of its scale: the amount. Null where the event has none.</param>
/// <param name="IsLate">Its window had closed, and it is in no result.</param>
/// <param name="TraceParent">The span that sent it.</param>
/// <param name="CheckpointTraceParent">The span of the checkpoint that took it in.</param>
public sealed record SampledEvent(
    Guid TopicId, int Partition, long Offset, DateTimeOffset Time, string Key, long? Value, bool IsLate, string TraceParent, string CheckpointTraceParent);

/// <summary>The newest sampled events at one moment; immutable, shared by all browsers.</summary>
/// <param name="Health">Whether the database is heard.</param>
/// <param name="Events">Newest first; null before the first answer.</param>
public sealed record SampledSnapshot(FeedHealth Health, ImmutableArray<SampledEvent>? Events)
{
    /// <summary>Before the first answer.</summary>
    public static SampledSnapshot Empty { get; } = new(new FeedHealth(FeedCondition.Starting, DateTimeOffset.UnixEpoch), null);
}

/// <summary>Asks the database for sampled events.</summary>
public sealed class SampledReader(NpgsqlDataSource database)
{
    private const string Newest = """
        SELECT s.topic_id, s.partition, s."offset", s.event_time, s.group_key, s."values"[1], s.is_late, s.trace_parent, s.checkpoint_trace_parent
        FROM sampled_events s JOIN pipelines p ON p.name = s.pipeline AND p.generation = s.generation
        WHERE s.pipeline = $1 ORDER BY s.event_time DESC LIMIT $2
        """;

    /// <summary>The newest of a pipeline's active generation, by event time.</summary>
    public async Task<ImmutableArray<SampledEvent>> NewestAsync(string pipeline, int most, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Newest);
        command.Parameters.AddWithValue(pipeline);
        command.Parameters.AddWithValue(most);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var events = ImmutableArray.CreateBuilder<SampledEvent>();
        while (await reader.ReadAsync(cancellationToken))
        {
            events.Add(new SampledEvent(
                reader.GetGuid(0), reader.GetInt32(1), reader.GetInt64(2),
                reader.GetFieldValue<DateTimeOffset>(3), reader.GetString(4), await reader.IsDBNullAsync(5, cancellationToken) ? null : reader.GetInt64(5),
                reader.GetBoolean(6), reader.GetString(7), reader.GetString(8)));
        }

        return events.ToImmutable();
    }
}
