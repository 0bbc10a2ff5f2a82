using System.Net;
using System.Security.Cryptography.X509Certificates;
using Streaming.Embedded.Kafka.Security;

namespace Streaming.Embedded.Kafka;

/// <summary>What a <see cref="KafkaBroker"/> is started with. Checked by <see cref="Validate"/> before anything is opened.</summary>
public sealed record BrokerOptions
{
    /// <summary>Folder that holds every topic, committed offset and id of this broker; created when it does not exist.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Address to listen on; port 0 picks a free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>The <c>host:port</c> told to clients; null tells each client the address that it connected to.</summary>
    public string? Advertise { get; init; }

    /// <summary>The certificate, with its private key, that clients are shown; null: connections are not encrypted (listener security protocol).</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Who may connect, with SASL/PLAIN; null: anybody.</summary>
    public SaslUsers? SaslUsers { get; init; }

    /// <summary>Node id of this only broker.</summary>
    public int NodeId { get; init; } = 1;

    /// <summary>True forces each append to the disk before it is acknowledged; false leaves that to the system's page cache.</summary>
    public bool Fsync { get; init; }

    /// <summary>Creates a topic on first use when the client allows it (auto.create.topics.enable).</summary>
    public bool AutoCreateTopics { get; init; } = true;

    /// <summary>Partitions of a topic whose creator does not say how many (num.partitions).</summary>
    public int DefaultPartitions { get; init; } = 1;

    /// <summary>Most partitions that one topic may have.</summary>
    public int MaxPartitionsPerTopic { get; init; } = 10_000;

    /// <summary>Most partitions of all topics together: each one holds files open.</summary>
    public int MaxPartitions { get; init; } = 20_000;

    /// <summary>Size in bytes at which a log segment is closed (log.segment.bytes).</summary>
    public long SegmentBytes { get; init; } = 128L << 20;

    /// <summary>How long records are kept where a topic does not say (log.retention.ms); null keeps them without limit.</summary>
    public TimeSpan? Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Size in bytes above which a partition's oldest segments go, where a topic does not say (log.retention.bytes); -1 is no limit.</summary>
    public long RetentionBytes { get; init; } = -1;

    /// <summary>How often retention is enforced (log.retention.check.interval.ms).</summary>
    public TimeSpan RetentionCheckInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often compacted topics are looked at for something to clean (log.cleaner.backoff.ms).</summary>
    public TimeSpan CleanerInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of memory for the keys of one cleaning (log.cleaner.dedupe.buffer.size).</summary>
    public long CleanerMapBytes { get; init; } = 24L << 20;

    /// <summary>Bytes per second that the cleaner reads, at most (log.cleaner.io.max.bytes.per.second).</summary>
    public long CleanerBytesPerSecond { get; init; } = 64L << 20;

    /// <summary>Largest record batch in bytes where a topic does not say (message.max.bytes).</summary>
    public int MaxMessageBytes { get; init; } = 1_048_588;

    /// <summary>Largest produce request in bytes (socket.request.max.bytes).</summary>
    public int MaxRequestBytes { get; init; } = 100 << 20;

    /// <summary>Largest request in bytes of any other kind: bounds the objects that one frame can be decoded into.</summary>
    public int MaxControlRequestBytes { get; init; } = 4 << 20;

    /// <summary>Bytes of received and unanswered requests over all connections; a connection waits for its share (queued.max.request.bytes).</summary>
    public long MaxQueuedRequestBytes { get; init; } = 256L << 20;

    /// <summary>Most bytes of records in one fetch response, whatever the client asks for (fetch.max.bytes).</summary>
    public int MaxFetchBytes { get; init; } = 55 << 20;

    /// <summary>Connections at a time; one more is closed at once (max.connections).</summary>
    public int MaxConnections { get; init; } = 2_000;

    /// <summary>A connection without a request for this long is closed (connections.max.idle.ms).</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Time for a started request to arrive, or a response to be taken, without any progress; then the connection is closed.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a new group waits for further members before its first rebalance (group.initial.rebalance.delay.ms).</summary>
    public TimeSpan InitialRebalanceDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Shortest session timeout that a group member may ask for (group.min.session.timeout.ms).</summary>
    public TimeSpan MinSessionTimeout { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>Longest session timeout that a group member may ask for (group.max.session.timeout.ms).</summary>
    public TimeSpan MaxSessionTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Committed offsets of a group without members are kept this long (offsets.retention.minutes).</summary>
    public TimeSpan OffsetRetention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Groups at a time; nobody can begin one more.</summary>
    public int MaxGroups { get; init; } = 20_000;

    /// <summary>Longest transaction timeout that a producer may ask for (transaction.max.timeout.ms).</summary>
    public TimeSpan MaxTransactionTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>A transactional id that nobody has used for this long is forgotten (transactional.id.expiration.ms).</summary>
    public TimeSpan TransactionalIdExpiration { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Transactional ids at a time; nobody can begin with one more.</summary>
    public int MaxTransactionalIds { get; init; } = 20_000;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">Names the first option that is out of range, and its value.</exception>
    public BrokerOptions Validate()
    {
        Require(!string.IsNullOrWhiteSpace(DataDirectory), nameof(DataDirectory), DataDirectory, "a folder");
        Require(DefaultPartitions is >= 1 && DefaultPartitions <= MaxPartitionsPerTopic, nameof(DefaultPartitions), DefaultPartitions,
            $"1 to {MaxPartitionsPerTopic}");
        Require(MaxPartitions >= 1, nameof(MaxPartitions), MaxPartitions, "1 or more");
        Require(MaxGroups >= 1, nameof(MaxGroups), MaxGroups, "1 or more");
        Require(NodeId >= 0, nameof(NodeId), NodeId, "0 or more");
        Require(SegmentBytes is >= 16 << 10 and <= int.MaxValue, nameof(SegmentBytes), SegmentBytes, "16 KiB to 2 GiB");
        Require(Retention is null || Retention > TimeSpan.Zero, nameof(Retention), Retention, "positive, or null for no limit");
        Require(RetentionBytes >= -1, nameof(RetentionBytes), RetentionBytes, "-1 (no limit) or more");
        Require(RetentionCheckInterval > TimeSpan.Zero, nameof(RetentionCheckInterval), RetentionCheckInterval, "positive");
        Require(CleanerInterval > TimeSpan.Zero, nameof(CleanerInterval), CleanerInterval, "positive");
        Require(CleanerMapBytes is >= 64 << 10 and <= 16L << 30, nameof(CleanerMapBytes), CleanerMapBytes, "64 KiB to 16 GiB");
        Require(CleanerBytesPerSecond >= 1 << 20, nameof(CleanerBytesPerSecond), CleanerBytesPerSecond, "1 MiB or more");
        Require(MaxMessageBytes >= 1024, nameof(MaxMessageBytes), MaxMessageBytes, "1024 or more");
        Require(MaxRequestBytes >= MaxMessageBytes, nameof(MaxRequestBytes), MaxRequestBytes, "at least MaxMessageBytes");
        Require(MaxControlRequestBytes >= 16 << 10, nameof(MaxControlRequestBytes), MaxControlRequestBytes, "16 KiB or more");
        Require(MaxQueuedRequestBytes >= MaxRequestBytes, nameof(MaxQueuedRequestBytes), MaxQueuedRequestBytes, "at least MaxRequestBytes");
        Require(MaxFetchBytes >= 1024, nameof(MaxFetchBytes), MaxFetchBytes, "1024 or more");
        Require(MaxConnections >= 1, nameof(MaxConnections), MaxConnections, "1 or more");
        Require(IdleTimeout > TimeSpan.Zero, nameof(IdleTimeout), IdleTimeout, "positive");
        Require(StallTimeout > TimeSpan.Zero, nameof(StallTimeout), StallTimeout, "positive");
        Require(InitialRebalanceDelay >= TimeSpan.Zero, nameof(InitialRebalanceDelay), InitialRebalanceDelay, "0 or more");
        Require(MinSessionTimeout > TimeSpan.Zero && MinSessionTimeout <= MaxSessionTimeout, nameof(MinSessionTimeout), MinSessionTimeout,
            "positive and at most MaxSessionTimeout");
        Require(OffsetRetention > TimeSpan.Zero, nameof(OffsetRetention), OffsetRetention, "positive");
        Require(MaxTransactionTimeout > TimeSpan.Zero, nameof(MaxTransactionTimeout), MaxTransactionTimeout, "positive");
        Require(TransactionalIdExpiration > TimeSpan.Zero, nameof(TransactionalIdExpiration), TransactionalIdExpiration, "positive");
        Require(MaxTransactionalIds >= 1, nameof(MaxTransactionalIds), MaxTransactionalIds, "1 or more");
        Require(Certificate is null or { HasPrivateKey: true }, nameof(Certificate), Certificate?.Subject, "a certificate with its private key");
        Require(Advertise is null || HostAndPort.TryParse(Advertise, out _), nameof(Advertise), Advertise, "host:port");
        return this;
    }

    private static void Require(bool holds, string key, object? value, string allowed)
    {
        if (!holds)
        {
            throw new ArgumentException($"{nameof(BrokerOptions)}.{key} is '{value}'; allowed: {allowed}.");
        }
    }
}
