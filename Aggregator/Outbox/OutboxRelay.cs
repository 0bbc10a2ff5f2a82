using System.Diagnostics;
using Confluent.Kafka;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Telemetry;

namespace Streaming.Aggregator.Outbox;

/// <summary>
/// Carries the outbox to Kafka, at least once and in order per input partition: take the lease → read rows → send → wait for every answer → delete.
/// After any error: a new producer, the same order. A row that the broker will never take is parked and passed.
/// </summary>
internal sealed class OutboxRelay(
    string pipeline, RelayLeaseStore lease, OutboxStore outbox, Func<RelayProducer> newProducer, TimeSpan interval, AggregatorTelemetry telemetry, ILogger logger)
{
    private const int MostRows = 1000;
    private const long MostBytes = 16L << 20;
    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(2);

    private RelayProducer? _producer;
    private bool _isHolder;
    private long _takenAt;

    /// <summary>Relays until cancelled, then gives the lease back.</summary>
    public async Task RunAsync(string holder, CancellationToken cancellationToken)
    {
        var backoff = new Backoff();
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                await StepAsync(holder, backoff, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end.
        }
        finally
        {
            _producer?.Dispose();
            await ReleaseAsync();
        }
    }

    private async Task StepAsync(string holder, Backoff backoff, CancellationToken cancellationToken)
    {
        try
        {
            var sent = await HoldAsync(holder, cancellationToken) ? await RelayAsync(cancellationToken) : 0;
            if (backoff.Attempts > 0)
            {
                AggregatorLog.RelayGoesOn(logger, backoff.Attempts);
                backoff.Reset();
            }

            if (sent == 0)
            {
                await Task.Delay(interval, cancellationToken);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && (e is KafkaException || CheckpointErrors.MayPass(e)))
        {
            if (backoff.Fail())
            {
                AggregatorLog.RelayFails(logger, backoff.Attempts, e.Message);
            }

            _producer?.Dispose();
            _producer = null;
            await backoff.WaitAsync(cancellationToken);
        }
    }

    private async Task<bool> HoldAsync(string holder, CancellationToken cancellationToken)
    {
        if (_isHolder && Stopwatch.GetElapsedTime(_takenAt) < lease.Duration / 4)
        {
            return true;
        }

        // Until the answer is there the lease is not held: a question that fails has renewed nothing.
        var wasHolder = _isHolder;
        _isHolder = false;
        _takenAt = Stopwatch.GetTimestamp();
        var holds = await lease.TakeAsync(cancellationToken);
        if (holds && !wasHolder)
        {
            AggregatorLog.RelayTakesOver(logger, pipeline, holder);
        }
        else if (!holds && wasHolder)
        {
            AggregatorLog.LeaseLost(logger, pipeline);
        }

        return _isHolder = holds;
    }

    /// <summary>Relays some rows; returns how many have left the outbox.</summary>
    private async Task<int> RelayAsync(CancellationToken cancellationToken)
    {
        var rows = await outbox.ReadAsync(MostRows, MostBytes, cancellationToken);
        if (rows.Count == 0)
        {
            return 0;
        }

        _producer ??= newProducer();
        var deliveries = await _producer.SendAsync(rows, cancellationToken);
        var gone = AcknowledgedInOrder(deliveries);
        if (gone.Count > 0)
        {
            var deleted = await outbox.DeleteAsync(gone, cancellationToken);
            telemetry.Relayed(deleted);
            _isHolder &= deleted == gone.Count;
        }

        return await SettleFailuresAsync(deliveries, gone.Count, cancellationToken);
    }

    /// <summary>The rows up to the first failure of each input partition: what lies behind a failure is sent again, after it.</summary>
    private static List<RelayRow> AcknowledgedInOrder(IReadOnlyList<Delivery> deliveries) =>
        [.. deliveries
            .GroupBy(delivery => (delivery.Row.Generation, delivery.Row.TopicId, delivery.Row.Partition))
            .SelectMany(partition => partition.TakeWhile(delivery => delivery.IsAcknowledged))
            .Select(delivery => delivery.Row)];

    private async Task<int> SettleFailuresAsync(IReadOnlyList<Delivery> deliveries, int gone, CancellationToken cancellationToken)
    {
        if (deliveries.FirstOrDefault(delivery => delivery is { IsAcknowledged: false, IsHopeless: false }) is { } failed)
        {
            throw new KafkaException(failed.Error);
        }

        // A batch is refused as a whole: only a row that is refused alone is the one that is too large.
        foreach (var suspect in deliveries.Where(delivery => delivery.IsHopeless))
        {
            var alone = (await _producer!.SendAsync([suspect.Row], cancellationToken))[0];
            if (alone.IsHopeless)
            {
                await outbox.ParkAsync(alone.Row, alone.Error!.Reason, cancellationToken);
                telemetry.Parked();
                AggregatorLog.Parked(logger, alone.Row.Partition, alone.Row.Seq, alone.Row.Message.Topic, alone.Error.Reason);
            }
            else if (alone.IsAcknowledged)
            {
                telemetry.Relayed(await outbox.DeleteAsync([alone.Row], cancellationToken));
            }
            else
            {
                throw new KafkaException(alone.Error);
            }

            gone++;
        }

        return gone;
    }

    private async Task ReleaseAsync()
    {
        if (!_isHolder)
        {
            return;
        }

        using var limit = new CancellationTokenSource(ReleaseLimit);
        try
        {
            await lease.ReleaseAsync(limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException || CheckpointErrors.MayPass(e))
        {
            // It ends by itself.
            AggregatorLog.RelayFails(logger, 1, e.Message);
        }
    }
}
