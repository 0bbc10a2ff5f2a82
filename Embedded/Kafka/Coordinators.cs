using Microsoft.Extensions.Logging;
using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Storage;
using Streaming.Embedded.Kafka.Transactions;

namespace Streaming.Embedded.Kafka;

/// <summary>The coordinators of groups and of transactions, which have one start and one end: transactions commit offsets of groups.</summary>
internal sealed class Coordinators : IAsyncDisposable
{
    private Coordinators(GroupCoordinator groups, TransactionCoordinator transactions) => (Groups, Transactions) = (groups, transactions);

    public GroupCoordinator Groups { get; }

    public TransactionCoordinator Transactions { get; }

    /// <summary>Reads the journals and ends the transactions whose end was decided before the broker stopped.</summary>
    /// <param name="folder">Where the journals lie.</param>
    public static Coordinators Open(BrokerOptions options, string folder, TopicStore topics, ProducerIds producerIds, TimeProvider time, ILoggerFactory loggers)
    {
        var store = new TransactionStore(Path.Combine(folder, "transactions"), options.Fsync);
        GroupCoordinator? groups = null;
        try
        {
            groups = OpenGroups(options, folder, topics, store, time, loggers);
            var logger = loggers.CreateLogger<TransactionCoordinator>();
            var outcome = new TransactionOutcome(topics, groups);
            TransactionRecovery.AbortStrays(topics, store, outcome, logger);
            var settings = new TransactionSettings(options.MaxTransactionTimeout, options.TransactionalIdExpiration, options.MaxTransactionalIds);
            return new Coordinators(groups, new TransactionCoordinator(settings, store, outcome, producerIds, time, logger));
        }
        catch
        {
            groups?.Dispose();
            store.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Transactions.DisposeAsync().ConfigureAwait(false);
        Groups.Dispose();
    }

    private static GroupCoordinator OpenGroups(
        BrokerOptions options, string folder, TopicStore topics, TransactionStore transactions, TimeProvider time, ILoggerFactory loggers)
    {
        var settings = new GroupSettings(
            options.InitialRebalanceDelay, options.MinSessionTimeout, options.MaxSessionTimeout, options.OffsetRetention, MaxGroups: options.MaxGroups);
        var offsets = new OffsetStore(Path.Combine(folder, "group-offsets"), options.Fsync);
        try
        {
            offsets.KeepTopics(name => topics.TryGet(name, out _));
            TransactionRecovery.DropStrayOffsets(offsets, transactions);
            return new GroupCoordinator(settings, offsets, time, loggers.CreateLogger<GroupCoordinator>());
        }
        catch
        {
            offsets.Dispose();
            throw;
        }
    }
}
