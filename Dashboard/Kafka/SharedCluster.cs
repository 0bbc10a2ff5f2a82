using Microsoft.Extensions.Options;
using Streaming.Cluster;
using Streaming.Cluster.Groups;
using Streaming.Cluster.Messages;
using Streaming.Cluster.Payloads;
using Streaming.Cluster.Reading;
using Streaming.Contracts.SchemaRegistry;

namespace Streaming.Dashboard.Kafka;

/// <summary>The Dashboard's one set of clients on the cluster: there while somebody looks at a page about Kafka, shared by all who do.</summary>
public sealed partial class SharedCluster(KafkaSettings settings, IOptions<KafkaPageOptions> options, TimeProvider time, ILogger<SharedCluster> logger)
{
    private readonly Lock _lock = new();
    private Clients? _clients;
    private int _users;

    /// <summary>Whether there is a cluster to ask at all.</summary>
    public bool IsConfigured => settings.Client is not null;

    /// <summary>Whether Avro can be read by its schema.</summary>
    public bool HasRegistry => settings.Registry is not null;

    /// <summary>How many use the clients at the moment.</summary>
    internal int Users
    {
        get
        {
            lock (_lock)
            {
                return _users;
            }
        }
    }

    /// <summary>Takes part in the clients, until it is disposed of; the last one to leave closes them.</summary>
    /// <exception cref="ClusterException">The settings cannot be used.</exception>
    public Lease Rent()
    {
        lock (_lock)
        {
            _clients ??= new Clients(settings, options.Value.RequestTimeout, time, line => LogClient(logger, line));
            _users++;
            return new Lease(this, _clients);
        }
    }

    private void Return()
    {
        Clients? closing = null;
        lock (_lock)
        {
            if (--_users == 0)
            {
                (closing, _clients) = (_clients, null);
            }
        }

        closing?.Dispose();
    }

    [LoggerMessage(3070, LogLevel.Debug, "Kafka client: {Line}")]
    private static partial void LogClient(ILogger logger, string line);

    /// <summary>A part in the clients.</summary>
    public sealed class Lease : IDisposable
    {
        private readonly SharedCluster _owner;
        private readonly Clients _clients;
        private int _isReturned;

        internal Lease(SharedCluster owner, Clients clients) => (_owner, _clients) = (owner, clients);

        public TopicReader Topics => _clients.Topics;

        public GroupReader Groups => _clients.Groups;

        public MessagePeek Messages => _clients.Messages;

        public PayloadReader Payloads => _clients.Payloads;

        public TopicEditor TopicEditor => _clients.TopicEditor;

        public GroupEditor GroupEditor => _clients.GroupEditor;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isReturned, 1) == 0)
            {
                _owner.Return();
            }
        }
    }

    internal sealed class Clients : IDisposable
    {
        private readonly ClusterConnection _cluster;
        private readonly SchemaRegistryClient? _registry;

        public Clients(KafkaSettings settings, TimeSpan requestTimeout, TimeProvider time, Action<string> log)
        {
            _cluster = new ClusterConnection(settings.Client ?? throw new InvalidOperationException("no Kafka is configured"), requestTimeout, log);
            _registry = settings.Registry is { } registry ? new SchemaRegistryClient(registry) : null;
            (Topics, Groups, Messages) = (new TopicReader(_cluster), new GroupReader(_cluster), new MessagePeek(_cluster));
            (TopicEditor, GroupEditor) = (new TopicEditor(_cluster), new GroupEditor(_cluster));
            Payloads = new PayloadReader(_registry is null ? null : new RegistryAvroReader(_registry, time));
        }

        public TopicReader Topics { get; }

        public GroupReader Groups { get; }

        public MessagePeek Messages { get; }

        public PayloadReader Payloads { get; }

        public TopicEditor TopicEditor { get; }

        public GroupEditor GroupEditor { get; }

        public void Dispose()
        {
            Messages.Dispose();
            _cluster.Dispose();
            _registry?.Dispose();
        }
    }
}
