using System.Data;
using System.Data.Common;
using Npgsql;
using NpgsqlTypes;
using Streaming.Aggregator.Control;
using Streaming.Aggregator.Windowing;

namespace Streaming.Aggregator.Consuming;

/// <summary>A partition whose former generation is asked about.</summary>
/// <param name="TopicId">The topic.</param>
/// <param name="Partition">The partition's number.</param>
/// <param name="MarksFrom">Marks at this next offset and beyond are wanted.</param>
internal sealed record TrailQuestion(Guid TopicId, int Partition, long MarksFrom);

/// <summary>Reads what a generation has to know of the former one.</summary>
internal sealed class TrailStore(NpgsqlDataSource database, string pipeline, int generation, int former)
{
    private const string State = "SELECT state FROM pipeline_generations WHERE pipeline = $1 AND generation = $2";

    private const string Progress = """
        SELECT c.topic_id, c.partition, c.next_offset FROM checkpoints c JOIN unnest($3, $4) AS q (topic_id, partition) ON q.topic_id = c.topic_id AND q.partition = c.partition
        WHERE c.pipeline = $1 AND c.generation = $2
        """;

    private const string Marks = """
        SELECT m.topic_id, m.partition, m.next_offset, m.watermark
        FROM idle_marks m JOIN unnest($3, $4, $5) AS q (topic_id, partition, marks_from) ON q.topic_id = m.topic_id AND q.partition = m.partition AND m.next_offset >= q.marks_from
        WHERE m.pipeline = $1 AND m.generation = $2 ORDER BY m.next_offset, m.watermark
        """;

    /// <summary>Answers all questions out of one snapshot: a checkpoint of the former generation and its marks are seen together or not at all.</summary>
    /// <exception cref="DbException">PostgreSQL is away.</exception>
    public async Task<IReadOnlyDictionary<(Guid TopicId, int Partition), TrailNews>> AskAsync(IReadOnlyList<TrailQuestion> questions, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { Command(State, generation), Command(Progress, former, questions), Command(Marks, former, questions, withOffsets: true) },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var isActive = await reader.ReadAsync(cancellationToken) && reader.GetString(0) == GenerationStates.Active;
        await reader.NextResultAsync(cancellationToken);
        var offsets = new Dictionary<(Guid, int), long>();
        while (await reader.ReadAsync(cancellationToken))
        {
            offsets[(reader.GetGuid(0), reader.GetInt32(1))] = reader.GetInt64(2);
        }

        await reader.NextResultAsync(cancellationToken);
        var marks = questions.ToDictionary(question => (question.TopicId, question.Partition), _ => new List<IdleMark>());
        while (await reader.ReadAsync(cancellationToken))
        {
            marks[(reader.GetGuid(0), reader.GetInt32(1))].Add(new IdleMark(reader.GetInt64(2), new DateTimeOffset(reader.GetDateTime(3)).ToUnixTimeMilliseconds()));
        }

        return marks.ToDictionary(
            partition => partition.Key,
            partition => new TrailNews(isActive, offsets.TryGetValue(partition.Key, out var offset) ? offset : null, partition.Value));
    }

    private NpgsqlBatchCommand Command(string sql, int of, IReadOnlyList<TrailQuestion>? questions = null, bool withOffsets = false)
    {
        var command = new NpgsqlBatchCommand(sql) { Parameters = { new() { Value = pipeline }, new() { Value = of } } };
        if (questions is not null)
        {
            command.Parameters.Add(new() { Value = questions.Select(q => q.TopicId).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
            command.Parameters.Add(new() { Value = questions.Select(q => q.Partition).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        }

        if (withOffsets)
        {
            command.Parameters.Add(new() { Value = questions!.Select(q => q.MarksFrom).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        }

        return command;
    }
}
