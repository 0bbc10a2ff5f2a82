using Confluent.Kafka;
using Streaming.Cluster;

namespace Streaming.Topics.Producing;

/// <summary>Sends records and counts what became of them.</summary>
internal sealed class Sender : IDisposable
{
    private const int ToldFailures = 10;
    private static readonly TimeSpan QueuePause = TimeSpan.FromMilliseconds(20);

    private readonly IProducer<byte[], byte[]> _producer;
    private readonly Action<string> _tell;
    private long _sent;
    private long _failed;
    private volatile Error? _fatal;

    public Sender(ProducerConfig settings, Action<string> tell)
    {
        _tell = tell;
        try
        {
            _producer = new ProducerBuilder<byte[], byte[]>(settings)
                .SetLogHandler((_, _) => { })
                .SetErrorHandler((_, error) => Heard(error))
                .Build();
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            throw new ClusterException(ClusterFailure.Invalid, "The producer's settings contradict each other. --acks 0 and 1 need enable.idempotence=false in the file, if it is named there.", exception);
        }
    }

    /// <summary>Records that the cluster has acknowledged.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Records that the cluster did not take.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Hands a record over; waits while too many are on their way.</summary>
    /// <exception cref="ClusterException">Nothing further can be sent.</exception>
    public async Task SendAsync(TopicPartition target, Message<byte[], byte[]> message, long line, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_fatal is { } fatal)
            {
                throw new ClusterException(ClusterFailure.Refused, $"Nothing further can be sent: {fatal.Reason}");
            }

            try
            {
                _producer.Produce(target, message, report => Delivered(report, line));
                return;
            }
            catch (ProduceException<byte[], byte[]> exception) when (exception.Error.Code == ErrorCode.Local_QueueFull)
            {
                await Task.Delay(QueuePause, cancellationToken).ConfigureAwait(false);
            }
            catch (ProduceException<byte[], byte[]> exception)
            {
                Count(exception.Error, line);
                return;
            }
        }
    }

    /// <summary>Waits until every record has been answered, for a bounded time after <paramref name="hurry"/>.</summary>
    /// <returns>How many are still on their way.</returns>
    public async Task<int> FlushAsync(TimeSpan patience, CancellationToken hurry) => await Task.Run(() =>
    {
        var left = 1;
        for (var end = DateTime.MaxValue; left > 0 && DateTime.UtcNow < end;)
        {
            left = _producer.Flush(TimeSpan.FromMilliseconds(100));
            if (hurry.IsCancellationRequested && end == DateTime.MaxValue)
            {
                end = DateTime.UtcNow + patience;
            }
        }

        return left;
    }, CancellationToken.None).ConfigureAwait(false);

    public void Dispose() => _producer.Dispose();

    private void Delivered(DeliveryReport<byte[], byte[]> report, long line)
    {
        if (report.Error.IsError)
        {
            Count(report.Error, line);
        }
        else
        {
            Interlocked.Increment(ref _sent);
        }
    }

    private void Count(Error error, long line)
    {
        var failed = Interlocked.Increment(ref _failed);
        if (failed <= ToldFailures)
        {
            _tell($"Line {line} was not taken: {error.Reason}");
        }
        else if (failed == ToldFailures + 1)
        {
            _tell("Further failures are only counted.");
        }
    }

    private void Heard(Error error)
    {
        if (error.IsFatal)
        {
            _fatal = error;
        }
    }
}
