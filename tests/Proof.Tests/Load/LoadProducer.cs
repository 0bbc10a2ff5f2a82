using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Streaming.Contracts;

namespace Streaming.Proof.Tests.Load;

/// <summary>Sends load at a steady rate with one idempotent producer, which rides out a broker that is away, and remembers where each record was put.</summary>
internal sealed class LoadProducer : IDisposable
{
    /// <summary>The header that numbers the records, in eight bytes.</summary>
    public const string NumberHeader = "proof-number";

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan DeliveryBound = TimeSpan.FromSeconds(90);

    private readonly IProducer<byte[]?, byte[]?> _producer;
    private readonly string _topic;
    private readonly ConcurrentQueue<string> _failures = new();

    public LoadProducer(string bootstrapServers, string topic)
    {
        _topic = topic;
        _producer = new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig
        {
            BootstrapServers = bootstrapServers,
            EnableIdempotence = true,
            LingerMs = 5,
            MessageTimeoutMs = (int)DeliveryBound.TotalMilliseconds,
            MessageMaxBytes = 1_000_000,
            ReconnectBackoffMaxMs = 500,
        }).SetErrorHandler((_, error) => NoteFatal(error)).SetLogHandler((_, _) => { }).Build();
    }

    /// <summary>How many records have been handed over so far.</summary>
    public long Sent { get; private set; }

    /// <summary>Where the broker said that it has put each record, by number.</summary>
    public ConcurrentDictionary<long, TopicPartitionOffset> Acknowledged { get; } = new();

    /// <summary>Describes the stores, so that no sale names an unknown one.</summary>
    public async Task DescribeAsync(IEnumerable<Store> stores) => await Task.WhenAll(stores.Select(store => _producer.ProduceAsync(
        Topics.Stores.Name, new Message<byte[]?, byte[]?> { Key = Encoding.UTF8.GetBytes(store.StoreId), Value = StoreJson.Encode(store) })));

    /// <summary>Sends until cancelled.</summary>
    public async Task RunAsync(SaleSource source, int perSecond, CancellationToken stop)
    {
        var (started, sent) = (Stopwatch.GetTimestamp(), 0L);
        while (!stop.IsCancellationRequested)
        {
            for (var due = (long)(Stopwatch.GetElapsedTime(started).TotalSeconds * perSecond); sent < due; sent++)
            {
                Send(source.Next());
            }

            await Task.Delay(Tick, CancellationToken.None);
        }
    }

    /// <summary>Waits until the broker has acknowledged everything.</summary>
    /// <exception cref="InvalidOperationException">It has not, or has refused something.</exception>
    public void Flush()
    {
        var left = _producer.Flush(DeliveryBound);
        if (left > 0 || !_failures.IsEmpty)
        {
            throw new InvalidOperationException($"Of {Sent} records {left} are not acknowledged; failures: {string.Join("; ", _failures.Take(5))}");
        }
    }

    public void Dispose() => _producer.Dispose();

    private void Send(Sale sale)
    {
        var number = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(number, Sent);
        var key = Sent++;
        _producer.Produce(
            new TopicPartition(_topic, sale.Partition),
            new Message<byte[]?, byte[]?> { Key = sale.Key, Value = sale.Value, Headers = [new Header(NumberHeader, number)] },
            report =>
            {
                if (report.Error.IsError)
                {
                    _failures.Enqueue($"record {key}: {report.Error.Reason}");
                }
                else
                {
                    Acknowledged[key] = report.TopicPartitionOffset;
                }
            });
    }

    private void NoteFatal(Error error)
    {
        if (error.IsFatal)
        {
            _failures.Enqueue($"the producer: {error.Reason}");
        }
    }
}
