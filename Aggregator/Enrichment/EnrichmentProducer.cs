using System.Diagnostics;
using Confluent.Kafka;
using Streaming.Aggregator.Outbox;
using Streaming.Aggregator.Telemetry;
using Streaming.Contracts.Kafka;

namespace Streaming.Aggregator.Enrichment;

/// <summary>
/// The transactional producer of one instance of a stage: records and the input offsets that they were made from become visible together, or not at all. An
/// instance that was replaced is fenced by the consumer group's generation (KIP-447), so every run has a transactional id of its own; what a killed run left open
/// is aborted by the broker after the transaction's timeout.
/// </summary>
internal sealed class EnrichmentProducer : IDisposable
{
    /// <summary>Longest that an unfinished transaction may hold up readers of the topic after its producer has died.</summary>
    private static readonly TimeSpan TransactionTimeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(8);

    private readonly IProducer<byte[]?, byte[]?> _producer;
    private Error? _failed;
    private bool _isOpen;

    /// <exception cref="KafkaException">The broker does not answer in time, or refuses.</exception>
    public EnrichmentProducer(ProducerConfig user, string transactionalId, int largestMessage, ILogger logger, CancellationToken stopping)
    {
        var config = RelayProducer.Configure(user, transactionalId, largestMessage, TransactionTimeout);
        _producer = new ProducerBuilder<byte[]?, byte[]?>(config)
            .SetErrorHandler((_, error) => AggregatorLog.ClientSays(logger, error.Reason))
            .SetLogHandler((_, line) => AggregatorLog.ClientSays(logger, line.Message))
            .Build();
        try
        {
            RelayProducer.Repeat(_producer.InitTransactions, CallLimit, stopping);
        }
        catch
        {
            // The client's own threads and connections would go on.
            _producer.Dispose();
            throw;
        }
    }

    /// <summary>The client's name, for spans.</summary>
    public string Name => _producer.Name;

    /// <summary>Records sent in the open transaction.</summary>
    public int Sent { get; private set; }

    /// <summary>Sends one record in the transaction, which is begun if there is none. A full queue is waited out.</summary>
    /// <exception cref="KafkaException">The client or the broker refuses.</exception>
    public void Send(string topic, Message<byte[]?, byte[]?> message, CancellationToken cancellationToken) => Send(topic, message, Delivered, cancellationToken);

    /// <summary>The same with a span, whose context travels with the record; the span ends with the broker's answer.</summary>
    /// <exception cref="KafkaException">The client or the broker refuses.</exception>
    public void Send(string topic, Message<byte[]?, byte[]?> message, Activity span, CancellationToken cancellationToken)
    {
        message.Headers = TraceHeader.With(message.Headers, span);
        try
        {
            Send(topic, message, report => Delivered(report, span), cancellationToken);
        }
        catch (Exception e)
        {
            SendSpan.Fail(span, e);
            throw;
        }
    }

    private void Delivered(DeliveryReport<byte[]?, byte[]?> report, Activity span)
    {
        SendSpan.End(span, report);
        Delivered(report);
    }

    private void Send(string topic, Message<byte[]?, byte[]?> message, Action<DeliveryReport<byte[]?, byte[]?>> delivered, CancellationToken cancellationToken)
    {
        if (!_isOpen)
        {
            _producer.BeginTransaction();
            _isOpen = true;
        }

        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                _producer.Produce(topic, message, delivered);
                Sent++;
                return;
            }
            catch (ProduceException<byte[]?, byte[]?> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
            {
                _producer.Poll(TimeSpan.FromMilliseconds(10));
            }
        }
    }

    /// <summary>Makes everything sent, and the progress of its input, visible at once.</summary>
    /// <exception cref="KafkaException">Nothing of it is visible; this producer is of no more use.</exception>
    public void Commit(IReadOnlyCollection<TopicPartitionOffset> next, IConsumerGroupMetadata group)
    {
        if (!_isOpen)
        {
            _producer.BeginTransaction();
            _isOpen = true;
        }

        _producer.SendOffsetsToTransaction(next, group, CallLimit);
        _producer.CommitTransaction(CallLimit);
        if (_failed is { } error)
        {
            throw new KafkaException(error);
        }

        (_isOpen, Sent) = (false, 0);
    }

    /// <summary>Closes the producer; an open transaction is aborted, if the broker can be reached.</summary>
    public void Dispose()
    {
        if (_isOpen)
        {
            try
            {
                _producer.AbortTransaction(CallLimit);
            }
            catch (KafkaException)
            {
                // The broker aborts it after its timeout.
            }
        }

        _producer.Dispose();
    }

    private void Delivered(DeliveryReport<byte[]?, byte[]?> report)
    {
        if (report.Error.IsError)
        {
            _failed ??= report.Error;
        }
    }
}
