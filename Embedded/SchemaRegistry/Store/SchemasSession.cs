using System.Text.Json;
using Confluent.Kafka;
using Streaming.Embedded.SchemaRegistry.Records;
using Streaming.Embedded.SchemaRegistry.Rules;

namespace Streaming.Embedded.SchemaRegistry.Store;

/// <summary>
/// One spell of using the topic: takes it over from whoever wrote it before (a transactional id fences the former writer), reads it from its beginning to its
/// end, follows it, and writes. After any trouble the session is over, and a new one reads everything anew: nothing has to be guessed about what was written.
/// </summary>
internal sealed class SchemasSession : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly SchemaRegistryOptions _options;
    private readonly ILogger _logger;
    private readonly IProducer<byte[], byte[]> _producer;
    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly Lock _lock = new();
    private readonly RegistryState _state = new();
    private readonly CancellationTokenSource _over = new();
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _applied = -1;

    private SchemasSession(SchemaRegistryOptions options, ILogger logger)
    {
        (_options, _logger) = (options, logger);
        _producer = SchemasClients.Producer(options, logger);
        _consumer = SchemasClients.Consumer(options, logger);
    }

    /// <summary>Takes the topic over and reads it. Blocks.</summary>
    /// <exception cref="KafkaException">Kafka cannot be used.</exception>
    public static SchemasSession Open(SchemaRegistryOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        var session = new SchemasSession(options, logger);
        try
        {
            session._producer.InitTransactions(options.WriteTimeout);
            session._consumer.Assign(new TopicPartitionOffset(options.Topic, 0, Offset.Beginning));
            while (!session.TakeNext())
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Looks at what there is.</summary>
    public T Read<T>(Func<RegistryState, T> look)
    {
        lock (_lock)
        {
            return look(_state);
        }
    }

    /// <summary>Takes in what is written, until it is over. Blocks.</summary>
    /// <exception cref="KafkaException">The topic cannot be read any more.</exception>
    public void Follow(Func<bool> isOver)
    {
        while (!isOver())
        {
            TakeNext();
        }
    }

    /// <summary>Writes records in one transaction and waits until they have been read back.</summary>
    /// <exception cref="StoreException">It cannot be said whether they are written.</exception>
    /// <exception cref="TakenOverException">Another registry has taken over; nothing was written.</exception>
    public async Task WriteAsync(IReadOnlyList<RegistryRecord> records)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_over.Token);
        limit.CancelAfter(_options.WriteTimeout);
        try
        {
            // The client's transactions block; writes come one at a time.
            var last = await Task.Run(() => Send(records), limit.Token).ConfigureAwait(false);
            await ReachAsync(last, limit.Token).ConfigureAwait(false);
        }
        catch (KafkaException e) when (e.Error.Code is ErrorCode.Local_Fenced or ErrorCode.InvalidProducerEpoch or ErrorCode.ProducerFenced)
        {
            throw new TakenOverException(e);
        }
        catch (KafkaException e)
        {
            throw new StoreException(e.Error.Reason, e);
        }
        catch (OperationCanceledException e)
        {
            throw new StoreException("what was written did not come back in time", e);
        }
    }

    /// <summary>Nothing will be read any more: whoever waits for a write is told so.</summary>
    public void End() => _over.Cancel();

    public void Dispose()
    {
        _producer.Dispose();
        _consumer.Dispose();
        _over.Dispose();
    }

    private long Send(IReadOnlyList<RegistryRecord> records)
    {
        var topic = new TopicPartition(_options.Topic, 0);
        _producer.BeginTransaction();
        var sent = records.Select(record =>
        {
            var (key, value) = RecordCodec.Encode(record);
            return _producer.ProduceAsync(topic, new Message<byte[], byte[]> { Key = key, Value = value! });
        }).ToArray();
        _producer.CommitTransaction(_options.WriteTimeout);
        return Task.WhenAll(sent).GetAwaiter().GetResult().Max(result => result.Offset.Value);
    }

    private async Task ReachAsync(long offset, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task moved;
            lock (_lock)
            {
                if (_applied >= offset)
                {
                    return;
                }

                moved = _moved.Task;
            }

            await moved.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes in the next record if there is one.</summary>
    /// <returns>Whether the end of the topic has been reached.</returns>
    private bool TakeNext()
    {
        var result = _consumer.Consume(Poll);
        if (result is null || result.IsPartitionEOF)
        {
            return result is not null;
        }

        var record = Decode(result);
        lock (_lock)
        {
            _state.Apply(record);
            _applied = result.Offset.Value;
            _moved.SetResult();
            _moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return false;
    }

    private RegistryRecord Decode(ConsumeResult<byte[], byte[]> result)
    {
        try
        {
            return RecordCodec.Decode(result.Message.Key, result.Message.Value);
        }
        catch (JsonException e)
        {
            Log.StrangeRecord(_logger, result.Offset.Value, _options.Topic, e.Message);
            return new RegistryRecord.Other("not JSON of a registry");
        }
    }
}
