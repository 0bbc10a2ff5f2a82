using System.Globalization;
using Npgsql;

namespace Streaming.Aggregator.Checkpoints;

/// <summary>Step 4: tells readers which partitions moved: <c>{"pipeline":"…","topicId":"…","partitions":[0,3]}</c>.</summary>
internal static class NotifySql
{
    /// <summary>The channel that readers listen to.</summary>
    public const string Channel = "streaming_checkpoints";

    // A payload over 8,000 bytes would fail the commit; 1,000 partition numbers of up to 6 digits stay below it.
    private const int MostPartitions = 1000;

    public static async Task NotifyAsync(NpgsqlConnection connection, IReadOnlyList<MovedPartition> moved, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var topic in moved.GroupBy(m => (m.Change.Partition.Pipeline, m.Change.Partition.TopicId)))
        {
            foreach (var some in topic.Select(m => m.Change.Partition.Partition).Chunk(MostPartitions))
            {
                var payload = Payload(topic.Key.Pipeline, topic.Key.TopicId, some);
                batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT pg_notify($1, $2)") { Parameters = { new() { Value = Channel }, new() { Value = payload } } });
            }
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Payload(string pipeline, Guid topicId, int[] partitions)
    {
        var list = string.Join(',', partitions.Select(p => p.ToString(CultureInfo.InvariantCulture)));
        return $$"""{"pipeline":"{{pipeline}}","topicId":"{{topicId}}","partitions":[{{list}}]}""";
    }
}
