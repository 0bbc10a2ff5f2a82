using System.Data.Common;
using Npgsql;

namespace Streaming.Aggregator.Control;

/// <summary>Reads the progress of generations, and moves that of a partition which stopped at a gap.</summary>
internal sealed class ReportStore(NpgsqlDataSource database)
{
    private const string Partitions = """
        SELECT c.partition, c.next_offset, c.watermark, c.events + c.late + c.rejected + c.filtered,
               greatest(c.next_offset, c.end_offset, a.next_offset, a.end_offset)
        FROM checkpoints c JOIN pipelines p ON p.name = c.pipeline
        LEFT JOIN checkpoints a ON a.pipeline = c.pipeline AND a.generation = p.generation AND a.topic_id = c.topic_id AND a.partition = c.partition
        WHERE c.pipeline = $1 AND c.generation = $2 AND ($3::uuid IS NULL OR c.topic_id = $3) ORDER BY c.partition
        """;

    private const string Move = """
        UPDATE checkpoints SET version = version + 1, next_offset = $5
        WHERE pipeline = $1 AND generation = $2 AND topic_id = $3 AND partition = $4 AND next_offset = $6
        """;

    /// <summary>The partitions of a generation.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="generation">The generation.</param>
    /// <param name="topicId">Only of this topic; null: of any.</param>
    /// <param name="ranges">What the logs hold; null while the broker is away.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DbException">PostgreSQL is away.</exception>
    public async Task<IReadOnlyList<PartitionReport>> PartitionsAsync(
        string pipeline, int generation, Guid? topicId, IReadOnlyDictionary<int, LogRange>? ranges, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Partitions);
        command.Parameters.AddWithValue(pipeline);
        command.Parameters.AddWithValue(generation);
        command.Parameters.Add(new() { Value = (object?)topicId ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var partitions = new List<PartitionReport>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var (number, next) = (reader.GetInt32(0), reader.GetInt64(1));
            LogRange? range = ranges is not null && ranges.TryGetValue(number, out var found) ? found : null;
            partitions.Add(new PartitionReport(
                number, next, ControlStore.Instant(reader, 2), range?.Start, range?.End, range is { } r && (next < r.Start || next > r.End))
            {
                RecordsRead = reader.GetInt64(3),
                KnownEnd = Math.Max(reader.GetInt64(4), range?.End ?? 0),
            });
        }

        return partitions;
    }

    /// <summary>Lets a partition go on at another offset. False when its progress has moved meanwhile.</summary>
    public async Task<bool> MoveAsync(string pipeline, int generation, Guid topicId, int partition, long from, long to, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Move);
        foreach (object value in new object[] { pipeline, generation, topicId, partition, to, from })
        {
            command.Parameters.AddWithValue(value);
        }

        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}
