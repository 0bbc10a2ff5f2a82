using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Confluent.Kafka;
using Streaming.Contracts;
using Streaming.Contracts.Kafka;

namespace Streaming.Producer.Publishing;

/// <summary>
/// Keeps account of what was handed to the client and what became of it. Every record that is queued is later either delivered or failed.
/// Safe for use by several threads: the client reports from its own.
/// </summary>
public sealed partial class Deliveries : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Streaming.Producer";

    /// <summary>OpenTelemetry's name for the topic.</summary>
    private const string TopicTag = "messaging.destination.name";

    /// <summary>Failures are logged at most this often, with their number.</summary>
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private readonly ILogger<Deliveries> _logger;
    private readonly Meter _meter;
    private readonly Counter<long> _deliveredCounter;
    private readonly Counter<long> _failedCounter;
    private readonly Counter<long> _connectionsLost;
    private readonly Lock _logGate = new();
    private long _queued;
    private long _delivered;
    private long _failed;
    private long _waitingSinceTicks;
    private long _lastFailureTicks;
    private long _failuresLogged;
    private DateTimeOffset _nextFailureLog = DateTimeOffset.MinValue;
    private volatile Error? _fatal;
    private readonly ConcurrentDictionary<string, bool> _missingTopics = new();

    /// <summary>An empty account.</summary>
    public Deliveries(IMeterFactory meters, TimeProvider time, ILogger<Deliveries> logger)
    {
        ArgumentNullException.ThrowIfNull(meters);
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _logger = logger;
        _meter = meters.Create(MeterName);
        _deliveredCounter = _meter.CreateCounter<long>("streaming.producer.events.sent", "{event}", "Events that Kafka has acknowledged");
        _failedCounter = _meter.CreateCounter<long>("streaming.producer.events.failed", "{event}", "Events that could not be delivered");
        _connectionsLost = _meter.CreateCounter<long>("streaming.producer.connections.lost", "{connection}", "Connections to Kafka that the client lost or could not make");
        _meter.CreateObservableUpDownCounter("streaming.producer.events.queued", () => InQueue, "{event}", "Events that wait for their acknowledgement");
        _waitingSinceTicks = time.GetUtcNow().UtcTicks;
    }

    /// <summary>Records that Kafka has acknowledged.</summary>
    public long Delivered => Interlocked.Read(ref _delivered);

    /// <summary>Records that could not be delivered.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Records handed to the client whose fate is open.</summary>
    public long InQueue => Interlocked.Read(ref _queued) - Delivered - Failed;

    /// <summary>Since when the oldest open record may have waited: the last acknowledgement, or the first record after an empty queue.</summary>
    public DateTimeOffset WaitingSince => new(Interlocked.Read(ref _waitingSinceTicks), TimeSpan.Zero);

    /// <summary>When a record last failed; null while none has.</summary>
    public DateTimeOffset? LastFailure => Interlocked.Read(ref _lastFailureTicks) is > 0 and var ticks ? new(ticks, TimeSpan.Zero) : null;

    /// <summary>The error after which this client instance sends no more; null while it works.</summary>
    public Error? Fatal => _fatal;

    /// <summary>Call before a record is handed to the client: its report may come before the call returns.</summary>
    public void Queued()
    {
        if (InQueue == 0)
        {
            Interlocked.Exchange(ref _waitingSinceTicks, Now());
        }

        Interlocked.Increment(ref _queued);
    }

    /// <summary>Call when the client did not take the record after all.</summary>
    public void NotTaken() => Interlocked.Decrement(ref _queued);

    /// <summary>Call with the client's report on a record.</summary>
    public void Reported(DeliveryReport<byte[], byte[]> report)
    {
        ArgumentNullException.ThrowIfNull(report);
        Interlocked.Exchange(ref _waitingSinceTicks, Now());
        if (!report.Error.IsError)
        {
            Interlocked.Increment(ref _delivered);
            _deliveredCounter.Add(1, new KeyValuePair<string, object?>(TopicTag, report.Topic));
            return;
        }

        Interlocked.Increment(ref _failed);
        Interlocked.Exchange(ref _lastFailureTicks, Now());
        _failedCounter.Add(1, new KeyValuePair<string, object?>(TopicTag, report.Topic));
        if (report.Error.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition)
        {
            _missingTopics[report.Topic] = true;
        }

        LogFailure(report.Topic, report.Error);
    }

    /// <summary>Call with the client's errors that concern no single record.</summary>
    public void ClientError(Error error)
    {
        ArgumentNullException.ThrowIfNull(error);
        if (error.IsFatal)
        {
            _fatal = error;
            GivenUp(_logger, error.Code, error.Reason);
            return;
        }

        if (ConnectionErrors.IsLost(error))
        {
            _connectionsLost.Add(1);
        }

        // Connections that come and go: the client recovers by itself, and its own log tells of them.
        ClientErrorLine(_logger, error.Code, error.Reason);
    }

    /// <summary>Whether a record failed because its topic, one of these, is not there; asking takes the answer back to false.</summary>
    public bool TakeMissing(IEnumerable<TopicDeclaration> topics)
    {
        ArgumentNullException.ThrowIfNull(topics);
        // All are taken: one answer is enough to look after each of them.
        return !_missingTopics.IsEmpty && topics.Aggregate(false, (missing, topic) => _missingTopics.TryRemove(topic.Name, out _) || missing);
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private void LogFailure(string topic, Error error)
    {
        lock (_logGate)
        {
            var now = _time.GetUtcNow();
            if (now < _nextFailureLog)
            {
                return;
            }

            _nextFailureLog = now + LogInterval;
            var failed = Failed;
            NotDelivered(_logger, failed - _failuresLogged, topic, error.Code, error.Reason, failed);
            _failuresLogged = failed;
        }
    }

    private long Now() => _time.GetUtcNow().UtcTicks;

    [LoggerMessage(EventId = 1001, Level = LogLevel.Error,
        Message = "{Count} events could not be delivered, the last to {Topic}: {Code}, {Reason}. {Total} in all since the start.")]
    private static partial void NotDelivered(ILogger logger, long count, string topic, ErrorCode code, string reason, long total);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Debug, Message = "Kafka client: {Code}, {Reason}")]
    private static partial void ClientErrorLine(ILogger logger, ErrorCode code, string reason);

    [LoggerMessage(EventId = 1004, Level = LogLevel.Critical, Message = "The Kafka client has given up: {Code}, {Reason}")]
    private static partial void GivenUp(ILogger logger, ErrorCode code, string reason);
}
