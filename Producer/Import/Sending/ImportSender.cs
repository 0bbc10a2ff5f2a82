using System.Diagnostics;
using Confluent.Kafka;
using Streaming.Contracts.Kafka;
using Streaming.Producer.Import.Events;
using Streaming.Producer.Publishing;

namespace Streaming.Producer.Import.Sending;

/// <summary>Why a record was not taken.</summary>
public enum Sent
{
    /// <summary>It is on its way.</summary>
    Yes,

    /// <summary>It is too large for the client or the topic.</summary>
    TooLarge,
}

/// <summary>
/// Hands events to the client: in order for each key, each once, waiting while the client's queue is full. After the first record that cannot be delivered nothing more is
/// sent. Called by one thread at a time.
/// </summary>
public sealed class ImportSender(IProducer<byte[]?, byte[]> producer, string topic, RecordTime recordTime, LineLedger ledger)
{
    /// <summary>An import is as fast as it can be: of the first record and of one in so many after it the way can be followed.</summary>
    private const int TraceEvery = 10_000;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);

    private readonly TraceSampler _sampler = new(TraceEvery);
    private volatile Error? _failure;

    /// <summary>Why sending has ended; null while it goes on.</summary>
    public Error? Failure => _failure;

    /// <summary>Call with an error of the client that concerns no single record.</summary>
    public void ClientError(Error error)
    {
        ArgumentNullException.ThrowIfNull(error);
        if (error.IsFatal)
        {
            _failure ??= error;
        }
    }

    /// <summary>Queues an event; completes once the client has taken it.</summary>
    /// <exception cref="KafkaException">A record could not be delivered, or the client takes none.</exception>
    public async ValueTask<Sent> SendAsync(ShapedEvent shaped, long line, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shaped);
        var message = new Message<byte[]?, byte[]> { Key = shaped.Key, Value = shaped.Value };
        if (recordTime == RecordTime.Event)
        {
            message.Timestamp = new Timestamp(shaped.Time.ToUnixTimeMilliseconds(), TimestampType.CreateTime);
        }

        var span = EventPublisher.Source.HasListeners() && _sampler.Takes(topic) ? SendSpan.Start(EventPublisher.Source, topic, shaped.Key, isTombstone: false, producer.Name) : null;
        if (span is not null)
        {
            message.Headers = TraceHeader.With(null, span);
        }

        try
        {
            return await SendAsync(message, ledger.Begin(line), span, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (span is not null)
        {
            SendSpan.Fail(span, exception);
            throw;
        }
    }

    private async ValueTask<Sent> SendAsync(Message<byte[]?, byte[]> message, LineLedger.Slot slot, Activity? span, CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            if (_failure is { } failure)
            {
                throw new KafkaException(failure);
            }

            if (TryProduce(message, slot, span) is { } answer)
            {
                return answer;
            }

            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
        }
    }

    private Sent? TryProduce(Message<byte[]?, byte[]> message, LineLedger.Slot slot, Activity? span)
    {
        try
        {
            producer.Produce(topic, message, report => Reported(report, slot, span));
            return Sent.Yes;
        }
        catch (ProduceException<byte[]?, byte[]> exception) when (exception.Error.Code == ErrorCode.Local_QueueFull)
        {
            return null;
        }
        catch (ProduceException<byte[]?, byte[]> exception) when (exception.Error.Code == ErrorCode.MsgSizeTooLarge)
        {
            ledger.Withdraw(slot);
            if (span is not null)
            {
                SendSpan.Fail(span, exception);
            }

            return Sent.TooLarge;
        }
    }

    private void Reported(DeliveryReport<byte[]?, byte[]> report, LineLedger.Slot slot, Activity? span)
    {
        if (span is not null)
        {
            SendSpan.End(span, report);
        }

        if (report.Error.IsError)
        {
            _failure ??= report.Error;
        }
        else
        {
            ledger.Done(slot);
        }
    }
}
