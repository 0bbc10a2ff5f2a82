using Confluent.Kafka;

namespace Streaming.Embedded.Kafka.Tests.Server;

/// <summary>
/// Copies a topic to another, records and offsets in one transaction, until it is stopped. After any error it begins anew with a new producer and a new
/// consumer, in that order: the new producer settles what the former left before the consumer asks where to go on.
/// </summary>
internal sealed class TransactionalWorker(string servers, string input, string output)
{
    private const int BatchSize = 50;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    public Task RunAsync(CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                try
                {
                    Live(cancellationToken);
                }
                catch (KafkaException)
                {
                    // The broker was killed, or took this one for dead: begin anew.
                }
            }
        },
        CancellationToken.None);

    private void Live(CancellationToken cancellationToken)
    {
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig
        {
            BootstrapServers = servers,
            TransactionalId = "worker",
            LingerMs = 1,
            ReconnectBackoffMaxMs = 200,
        }).SetLogHandler(static (_, _) => { }).Build();
        producer.InitTransactions(Bound);
        using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig
        {
            BootstrapServers = servers,
            GroupId = "workers",
            IsolationLevel = IsolationLevel.ReadCommitted,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
            SessionTimeoutMs = 6000,
            ReconnectBackoffMaxMs = 200,
        }).SetLogHandler(static (_, _) => { }).Build();
        consumer.Subscribe(input);
        while (!cancellationToken.IsCancellationRequested)
        {
            if (consumer.Consume(Patience) is { } first)
            {
                CopyBatch(producer, consumer, first);
            }
        }

        consumer.Close();
    }

    private void CopyBatch(IProducer<string, string> producer, IConsumer<string, string> consumer, ConsumeResult<string, string>? first)
    {
        producer.BeginTransaction();
        var next = new Dictionary<TopicPartition, Offset>();
        var record = first;
        for (var count = 1; record is not null; count++)
        {
            producer.Produce(output, new Message<string, string> { Key = record.Message.Key, Value = record.Message.Value });
            next[record.TopicPartition] = record.Offset + 1;
            record = count < BatchSize ? consumer.Consume(TimeSpan.Zero) : null;
        }

        producer.SendOffsetsToTransaction(next.Select(static n => new TopicPartitionOffset(n.Key, n.Value)), consumer.ConsumerGroupMetadata, Bound);
        producer.CommitTransaction(Bound);
    }
}
