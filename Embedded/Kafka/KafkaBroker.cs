using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Embedded.Kafka.Handlers;
using Streaming.Embedded.Kafka.Server;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka;

/// <summary>A single-node broker that speaks the Kafka protocol. Everything it holds lies in one folder.</summary>
public sealed class KafkaBroker : IAsyncDisposable
{
    private readonly TopicStore _store;
    private readonly Coordinators _coordinators;
    private readonly Listener _listener;

    private KafkaBroker(TopicStore store, Coordinators coordinators, Listener listener) => (_store, _coordinators, _listener) = (store, coordinators, listener);

    /// <summary>The address for clients, "127.0.0.1:PORT".</summary>
    public string BootstrapServers => HostAndPort.From(_listener.EndPoint).ToString();

    /// <summary>Recovers the data folder, then listens. The broker accepts clients when the task completes.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message names it.</exception>
    /// <exception cref="DataFolderInUseException">Another broker holds the folder.</exception>
    /// <exception cref="SocketException">The address cannot be listened on.</exception>
    public static async Task<KafkaBroker> StartAsync(
        BrokerOptions options, ILoggerFactory? loggerFactory = null, TimeProvider? timeProvider = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var loggers = loggerFactory ?? NullLoggerFactory.Instance;
        var time = timeProvider ?? TimeProvider.System;
        var store = await TopicStore.OpenAsync(StorageOptionsOf(options), time, loggers.CreateLogger<TopicStore>(), cancellationToken)
            .ConfigureAwait(false);
        Coordinators? coordinators = null;
        try
        {
            var folder = Directory.CreateDirectory(Path.Combine(options.DataDirectory, "broker")).FullName;
            var clusterId = BrokerIdentity.LoadOrCreate(Path.Combine(folder, "cluster-id"));
            var producerIds = new ProducerIds(Path.Combine(folder, "producer-ids"));
            coordinators = Coordinators.Open(options, folder, store, producerIds, time, loggers);
            var router = new RequestRouter(CreateHandlers(options, store, coordinators, producerIds, clusterId, time, loggers));
            var listener = new Listener(options, router, time, loggers.CreateLogger<Listener>());
            var broker = new KafkaBroker(store, coordinators, listener);
            if (options is { SaslUsers: not null, Certificate: null })
            {
                Log.PasswordsInTheClear(loggers.CreateLogger<KafkaBroker>());
            }

            Log.Listening(loggers.CreateLogger<KafkaBroker>(), broker.BootstrapServers, store.Topics.Count, options.DataDirectory, clusterId);
            return broker;
        }
        catch
        {
            if (coordinators is not null)
            {
                await coordinators.DisposeAsync().ConfigureAwait(false);
            }

            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops accepting, ends every connection and closes the logs.</summary>
    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync().ConfigureAwait(false);
        await _coordinators.DisposeAsync().ConfigureAwait(false);
        await _store.DisposeAsync().ConfigureAwait(false);
    }

    private static StorageOptions StorageOptionsOf(BrokerOptions options) => new()
    {
        DataDirectory = options.DataDirectory,
        Fsync = options.Fsync,
        RetentionInterval = options.RetentionCheckInterval,
        CleanerInterval = options.CleanerInterval,
        CleanerMapBytes = options.CleanerMapBytes,
        CleanerBytesPerSecond = options.CleanerBytesPerSecond,
        TopicDefaults = new Dictionary<string, string>
        {
            [TopicConfigKeys.SegmentBytes] = options.SegmentBytes.ToString(CultureInfo.InvariantCulture),
            [TopicConfigKeys.RetentionMs] = ((long?)options.Retention?.TotalMilliseconds ?? -1).ToString(CultureInfo.InvariantCulture),
            [TopicConfigKeys.RetentionBytes] = options.RetentionBytes.ToString(CultureInfo.InvariantCulture),
            [TopicConfigKeys.MaxMessageBytes] = options.MaxMessageBytes.ToString(CultureInfo.InvariantCulture),
        },
    };

    private static RequestHandler[] CreateHandlers(
        BrokerOptions options, TopicStore store, Coordinators coordinators, ProducerIds producerIds, string clusterId, TimeProvider time, ILoggerFactory loggers)
    {
        var (groups, transactions) = (coordinators.Groups, coordinators.Transactions);
        var creation = new TopicCreation(store, options, loggers.CreateLogger<TopicCreation>());
        var changes = new ConfigChanges(store);
        return
        [
            new ProduceHandler(store, transactions), new FetchHandler(store, options, time), new ListOffsetsHandler(store), new OffsetForLeaderEpochHandler(store),
            new MetadataHandler(store, creation, options, clusterId), new DescribeClusterHandler(clusterId),
            new CreateTopicsHandler(creation), new DeleteTopicsHandler(store, groups),
            new CreatePartitionsHandler(store, creation, options), new DeleteRecordsHandler(store),
            new DescribeConfigsHandler(store, options), new AlterConfigsHandler(changes), new IncrementalAlterConfigsHandler(changes),
            new SaslHandshakeHandler(), new SaslAuthenticateHandler(time, loggers.CreateLogger<SaslAuthenticateHandler>()),
            new FindCoordinatorHandler(), new InitProducerIdHandler(producerIds, transactions), new AddPartitionsToTxnHandler(transactions, store),
            new AddOffsetsToTxnHandler(transactions, groups), new EndTxnHandler(transactions),
            new TxnOffsetCommitHandler(transactions, groups, store, loggers.CreateLogger<TxnOffsetCommitHandler>()),
            new JoinGroupHandler(groups), new SyncGroupHandler(groups), new HeartbeatHandler(groups), new LeaveGroupHandler(groups),
            new OffsetCommitHandler(groups, store, loggers.CreateLogger<OffsetCommitHandler>()), new OffsetFetchHandler(groups), new OffsetDeleteHandler(groups),
            new ListGroupsHandler(groups), new DescribeGroupsHandler(groups), new DeleteGroupsHandler(groups),
        ];
    }
}
