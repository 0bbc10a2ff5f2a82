using System.Diagnostics;
using Confluent.Kafka;
using Streaming.Aggregator.Telemetry;
using Streaming.Contracts;

namespace Streaming.Aggregator.Outbox;

/// <summary>A row that the broker will never take, however often it is sent, or whose batch it refused as a whole.</summary>
internal sealed record Refusal(RelayRow Row, Error Error);

/// <summary>
/// Sends outbox rows and cursors in transactions. Calls that block in the client run on pool threads, in slices, so that they can be given up. It is good
/// until its first exception or refusal; then another must take its place. (librdkafka goes on numbering behind a batch that the broker refused, which the
/// broker then refuses as out of sequence.)
/// </summary>
internal sealed class RelayProducer(ProducerConfig config, ILogger logger) : IDisposable
{
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1);

    // What the client says in between is for debugging: what matters comes back as the answer to a row or to a call.
    private readonly IProducer<byte[]?, byte[]?> _producer = new ProducerBuilder<byte[]?, byte[]?>(config)
        .SetErrorHandler((_, error) => AggregatorLog.ClientSays(logger, error.Reason))
        .SetLogHandler((_, line) => AggregatorLog.ClientSays(logger, line.Message))
        .Build();

    private readonly TimeSpan _limit = TimeSpan.FromMilliseconds(config.TransactionTimeoutMs ?? 60_000);

    /// <summary>
    /// What a transactional producer here needs over the user's settings (security, addresses). The relay's transactional id is the same for every instance, so that
    /// who comes later fences who was there before. An open transaction holds up all committed reading behind it, so it ends at the latest with the lease.
    /// </summary>
    public static ProducerConfig Configure(ProducerConfig user, string transactionalId, int largestMessage, TimeSpan lease) =>
        new(new Dictionary<string, string>(user))
        {
            TransactionalId = transactionalId,
            TransactionTimeoutMs = Math.Max(1000, (int)lease.TotalMilliseconds),
            MessageTimeoutMs = Math.Max(500, (int)(lease.TotalMilliseconds / 2)),
            EnableIdempotence = true,
            Acks = Acks.All,
            LingerMs = 5,
            Partitioner = Partitioner.Murmur2Random,
            MessageMaxBytes = largestMessage,
            // More than a batch holds: the queue is never full.
            QueueBufferingMaxMessages = 1_000_000,
            QueueBufferingMaxKbytes = 1 << 20,
        };

    /// <summary>The client's name, for spans.</summary>
    public string Name => _producer.Name;

    /// <summary>Fences whoever used the transactional id before, and waits until the transaction that it left has ended.</summary>
    public Task InitializeAsync(CancellationToken cancellationToken) => RepeatAsync(_producer.InitTransactions, cancellationToken);

    /// <summary>Begins a transaction; the broker hears of it with the first record.</summary>
    public void Begin() => _producer.BeginTransaction();

    /// <summary>Sends the rows in order and waits for every answer. Returns those that were refused: then the transaction must be aborted.</summary>
    /// <exception cref="KafkaException">Something else went wrong.</exception>
    public async Task<IReadOnlyList<Refusal>> SendAsync(IReadOnlyList<RelayRow> rows, CancellationToken cancellationToken)
    {
        var answers = new Answers<RelayRow>(rows.Count);
        foreach (var row in rows)
        {
            Produce(new TopicPartition(row.Message.Topic, Partition.Any), Message(row.Message), row, answers);
        }

        var failures = await answers.AllAsync(cancellationToken);
        var refused = failures.Where(failure => IsHopeless(failure.Error)).Select(failure => new Refusal(failure.Item, failure.Error)).ToList();
        return failures.Count > 0 && refused.Count == 0 ? throw new KafkaException(failures[0].Error) : refused;
    }

    /// <summary>Sends cursors within the transaction.</summary>
    /// <exception cref="KafkaException">One of them was not taken.</exception>
    public async Task SendAsync(CursorCodec codec, IReadOnlyDictionary<OutboxPartition, long> cursors, CancellationToken cancellationToken)
    {
        var answers = new Answers<OutboxPartition>(cursors.Count);
        foreach (var (partition, seq) in cursors)
        {
            var message = new Message<byte[]?, byte[]?> { Key = codec.Key(partition), Value = CursorCodec.Value(seq) };
            Produce(new TopicPartition(Topics.OutboxCursors.Name, 0), message, partition, answers);
        }

        if (await answers.AllAsync(cancellationToken) is [var failure, ..])
        {
            throw new KafkaException(failure.Error);
        }
    }

    /// <summary>Commits. After an exception the outcome is unknown until a successor has initialized and read the cursors.</summary>
    public Task CommitAsync(CancellationToken cancellationToken) => RepeatAsync(_producer.CommitTransaction, cancellationToken);

    public Task AbortAsync(CancellationToken cancellationToken) => RepeatAsync(_producer.AbortTransaction, cancellationToken);

    public void Dispose() => _producer.Dispose();

    private static bool IsHopeless(Error error) =>
        error.Code is ErrorCode.MsgSizeTooLarge or ErrorCode.InvalidRecord or ErrorCode.InvalidMsgSize or ErrorCode.RecordListTooLarge;

    private static Message<byte[]?, byte[]?> Message(OutboxMessage message) => new()
    {
        Key = message.Key,
        Value = message.Value,
        Headers = message.Headers is { } headers ? HeaderCodec.Decode(headers) : null,
    };

    private void Produce<T>(TopicPartition target, Message<byte[]?, byte[]?> message, T item, Answers<T> answers)
    {
        try
        {
            _producer.Produce(target, message, report => answers.Take(item, report.Error));
        }
        catch (ProduceException<byte[]?, byte[]?> e)
        {
            // Refused by the client: too large for its settings, or the transaction has failed already.
            answers.Take(item, e.Error);
        }
    }

    private Task RepeatAsync(Action<TimeSpan> call, CancellationToken cancellationToken) => Task.Run(() => Repeat(call, _limit, cancellationToken), cancellationToken);

    /// <summary>Calls what blocks in the client for a slice at a time, so that it can be given up.</summary>
    /// <exception cref="KafkaException">It fails, or takes longer than the limit.</exception>
    internal static void Repeat(Action<TimeSpan> call, TimeSpan limit, CancellationToken cancellationToken)
    {
        for (var started = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                call(Slice);
                return;
            }
            catch (KafkaException e) when (IsUnfinished(e) && Stopwatch.GetElapsedTime(started) < limit)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    // A call of transactions goes on where it was when it is called again; a plain question, which has no such exception, is asked again.
    private static bool IsUnfinished(KafkaException e) =>
        e is KafkaRetriableException || (e is not KafkaTxnRequiresAbortException && e.Error is { Code: ErrorCode.Local_TimedOut, IsFatal: false });
}
