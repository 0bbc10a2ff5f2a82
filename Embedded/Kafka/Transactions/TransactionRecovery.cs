using Microsoft.Extensions.Logging;
using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Transactions;

/// <summary>
/// Ends at the start what no transactional id has under way. The files are written in an order that leaves nothing of the kind when the process dies; a
/// power cut without fsync may tear them apart, and readers would wait at an open transaction for ever.
/// </summary>
internal static class TransactionRecovery
{
    public static void DropStrayOffsets(OffsetStore offsets, TransactionStore transactions)
    {
        var underWay = transactions.All().SelectMany(static t => t.Value.Groups.Select(group => (group, t.Value.Producer.Id))).ToHashSet();
        offsets.KeepTransactions((group, producerId) => underWay.Contains((group, producerId)));
    }

    public static void AbortStrays(TopicStore topics, TransactionStore transactions, ITransactionOutcome outcome, ILogger logger)
    {
        var underWay = transactions.All().SelectMany(static t => t.Value.Partitions.Select(partition => (partition, t.Value.Producer.Id))).ToHashSet();
        foreach (var topic in topics.Topics)
        {
            foreach (var log in topic.Partitions)
            {
                var partition = new TopicPartition(topic.Name, log.Index);
                foreach (var open in log.OpenTransactions.Where(open => !underWay.Contains((partition, open.ProducerId))))
                {
                    Log.StrayTransaction(logger, open.ProducerId, topic.Name, log.Index);
                    outcome.TryMark(partition, new ProducerIdentity(open.ProducerId, open.ProducerEpoch), commit: false);
                }
            }
        }
    }
}
