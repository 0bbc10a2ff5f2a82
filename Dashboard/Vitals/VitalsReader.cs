using System.Collections.Immutable;
using Npgsql;
using Streaming.Contracts.Measures;

namespace Streaming.Dashboard.Vitals;

/// <summary>Asks the database what the instances of the Aggregator say of themselves: a row for each pipeline and instance.</summary>
public sealed class VitalsReader(NpgsqlDataSource database)
{
    /// <summary>$1 the longest silence.</summary>
    private const string Instances = """
        SELECT pipeline, generation, instance, started_at, updated_at, partitions, stopped_partitions, is_paused, lag, state_bytes, events, refused_partitions, refused_events,
          checkpoints, checkpoint_failures, connections_lost, event_to_commit, checkpoint_duration
        FROM instance_figures WHERE updated_at > now() - $1::interval
        """;

    public async Task<ImmutableArray<InstanceVitals>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Instances);
        command.Parameters.AddWithValue(InstanceVitals.GoneAfter);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var instances = ImmutableArray.CreateBuilder<InstanceVitals>();
        while (await reader.ReadAsync(cancellationToken))
        {
            instances.Add(Row(reader));
        }

        return instances.ToImmutable();
    }

    private static InstanceVitals Row(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetInt32(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3), row.GetFieldValue<DateTimeOffset>(4), row.GetInt32(5), row.GetInt32(6),
        row.GetBoolean(7), row.IsDBNull(8) ? null : row.GetInt64(8), row.GetInt64(9), row.GetInt64(10), row.GetInt64(11), row.GetInt64(12), row.GetInt64(13), row.GetInt64(14),
        row.GetInt64(15), Sketch(row.GetFieldValue<byte[]>(16)), Sketch(row.GetFieldValue<byte[]>(17)));

    /// <summary>Another version of the Aggregator may write it in another way: then it is not known.</summary>
    private static QuantileSketch? Sketch(byte[] bytes)
    {
        try
        {
            return QuantileSketch.Decode(bytes);
        }
        catch (MeasureStateException)
        {
            return null;
        }
    }
}
