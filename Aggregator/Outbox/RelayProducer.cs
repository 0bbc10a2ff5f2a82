using Confluent.Kafka;
using Streaming.Aggregator.Telemetry;

namespace Streaming.Aggregator.Outbox;

/// <summary>What Kafka answered to a row.</summary>
/// <param name="Row">The row.</param>
/// <param name="Error">Null when it was acknowledged.</param>
internal sealed record Delivery(RelayRow Row, Error? Error)
{
    public bool IsAcknowledged => Error is null;

    /// <summary>The broker will never take this row, however often it is sent.</summary>
    public bool IsHopeless => Error?.Code is ErrorCode.MsgSizeTooLarge or ErrorCode.InvalidRecord or ErrorCode.InvalidMsgSize;
}

/// <summary>Sends outbox rows with an idempotent producer and waits for every answer.</summary>
internal sealed class RelayProducer(ProducerConfig config, ILogger logger) : IDisposable
{
    // What the client says in between is for debugging: what matters comes back as the answer to a row.
    private readonly IProducer<byte[]?, byte[]?> _producer = new ProducerBuilder<byte[]?, byte[]?>(config)
        .SetErrorHandler((_, error) => AggregatorLog.ClientSays(logger, error.Reason))
        .SetLogHandler((_, line) => AggregatorLog.ClientSays(logger, line.Message))
        .Build();

    /// <summary>The relay's own settings over the user's (security, addresses).</summary>
    public static ProducerConfig Configure(ProducerConfig user, int largestMessage, TimeSpan lease) => new(new Dictionary<string, string>(user))
    {
        EnableIdempotence = true,
        Acks = Acks.All,
        LingerMs = 5,
        Partitioner = Partitioner.Murmur2Random,
        MessageMaxBytes = largestMessage,
        // After this an answer is an error and the rows are sent again with a new producer: at least once. Within the lease, so that nothing is
        // still on its way when another instance relays what comes behind it.
        MessageTimeoutMs = Math.Max(500, (int)(lease.TotalMilliseconds / 2)),
    };

    /// <summary>Sends the rows in order and returns the answer to each, in the same order.</summary>
    public async Task<IReadOnlyList<Delivery>> SendAsync(IReadOnlyList<RelayRow> rows, CancellationToken cancellationToken)
    {
        var answers = new List<Task<Delivery>>(rows.Count);
        foreach (var row in rows)
        {
            answers.Add(SendAsync(row));
        }

        return await Task.WhenAll(answers).WaitAsync(cancellationToken);
    }

    public void Dispose() => _producer.Dispose();

    private async Task<Delivery> SendAsync(RelayRow row)
    {
        var message = new Message<byte[]?, byte[]?>
        {
            Key = row.Message.Key,
            Value = row.Message.Value,
            Headers = row.Message.Headers is { } headers ? HeaderCodec.Decode(headers) : null,
        };
        try
        {
            await _producer.ProduceAsync(row.Message.Topic, message);
            return new Delivery(row, null);
        }
        catch (KafkaException e)
        {
            return new Delivery(row, e.Error);
        }
    }
}
