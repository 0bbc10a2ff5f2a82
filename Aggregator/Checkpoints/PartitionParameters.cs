using Npgsql;

namespace Streaming.Aggregator.Checkpoints;

/// <summary>The four columns that name a partition, as the parameters $1 to $4.</summary>
internal static class PartitionParameters
{
    public static void Add(NpgsqlParameterCollection parameters, InputPartition partition)
    {
        parameters.Add(new NpgsqlParameter { Value = partition.Pipeline });
        parameters.Add(new NpgsqlParameter { Value = partition.Generation });
        parameters.Add(new NpgsqlParameter { Value = partition.TopicId });
        parameters.Add(new NpgsqlParameter { Value = partition.Partition });
    }
}
