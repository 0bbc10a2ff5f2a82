using System.Globalization;
using Confluent.Kafka;
using Streaming.Producer.Import.Events;
using Streaming.Producer.Import.Input;
using Streaming.Producer.Import.Sending;
using Streaming.Producer.Records;

namespace Streaming.Producer.Import;

/// <summary>
/// Reads records, makes events of them and sends them, one after the other, until the end, a stop, or an error. What it was given to dispose of stays the caller's.
/// </summary>
public sealed class ImportJob(
    ImportOptions options, IRecordReader reader, Rejects rejects, IProducer<byte[]?, byte[]> producer, ImportSender sender, LineLedger ledger, TopicFacts topic, TimeProvider time)
{
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(15);

    private readonly EventShape _shape = new(options);
    private readonly SendPace _pace = new(options.Rate, time);
    private long _sent;
    private long _nextLine = options.FromLine;
    private DateTimeOffset _newest = DateTimeOffset.MinValue;
    private TimeSpan _backwards;

    /// <summary>Records that were sent off.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Imports. <paramref name="cancellationToken"/> stops it in good order: what was sent off is waited for, within a limit.</summary>
    public async Task<ImportOutcome> RunAsync(CancellationToken cancellationToken)
    {
        var (isAtEnd, problem) = await SendAllAsync(cancellationToken).ConfigureAwait(false);

        // Blocks, so on a thread of its own. A client that has failed reports the rest within its delivery timeout at the latest.
        await Task.Factory.StartNew(
            () => producer.Flush(isAtEnd ? options.DeliveryTimeout : FlushLimit), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        problem ??= sender.Failure is { } failure ? $"Kafka did not take a record: {failure.Reason}" : null;
        var open = ledger.FirstOpenLine;
        return new ImportOutcome(ledger.Delivered, rejects.Count, ledger.Open, open ?? (isAtEnd ? null : _nextLine), problem, _backwards);
    }

    private async Task<(bool IsAtEnd, string? Problem)> SendAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false) is { } record)
            {
                if (record.Line >= options.FromLine && await SendAsync(record, cancellationToken).ConfigureAwait(false) is { } problem)
                {
                    return (false, problem);
                }

                _nextLine = Math.Max(_nextLine, record.LastLine + 1);
            }

            return (true, null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return (false, null);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or ImportException)
        {
            return (false, $"the input cannot be read further: {exception.Message}");
        }
        catch (KafkaException exception)
        {
            return (false, $"Kafka did not take a record: {exception.Error.Reason}");
        }
    }

    /// <summary>Sends a record, or puts it aside; gives the reason when the import is to end.</summary>
    private async ValueTask<string?> SendAsync(InputRecord record, CancellationToken cancellationToken)
    {
        var problem = record.Problem;
        if (problem is null && _shape.TryShape(record.Json.Span, out var shaped, out problem) && (problem = Unfit(shaped)) is null)
        {
            if (IsDeletedAtOnce(shaped))
            {
                return string.Create(CultureInfo.InvariantCulture,
                    $"line {record.Line}: the event is of {shaped.Time:O}, and topic '{options.Topic}' deletes records older than {topic.DeletesOlderThan} by their own time; --record-time now gives them the time at which they are sent");
            }

            await _pace.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (await sender.SendAsync(shaped, record.Line, cancellationToken).ConfigureAwait(false) == Sending.Sent.Yes)
            {
                Interlocked.Increment(ref _sent);
                NoteOrder(shaped.Time);
                return null;
            }

            problem = "too large for the topic";
        }

        await rejects.AddAsync(record, problem!, reader.Header, cancellationToken).ConfigureAwait(false);
        return options.OnError == OnError.Stop ? $"line {record.Line}: {problem}" : null;
    }

    private void NoteOrder(DateTimeOffset eventTime)
    {
        _newest = eventTime > _newest ? eventTime : _newest;
        _backwards = _newest - eventTime > _backwards ? _newest - eventTime : _backwards;
    }

    private string? Unfit(ShapedEvent shaped)
    {
        var size = shaped.Value.Length + (shaped.Key?.Length ?? 0);
        return size > topic.LargestRecord ? string.Create(CultureInfo.InvariantCulture, $"{size} bytes with its key, and the topic takes {topic.LargestRecord}")
            : options.RecordTime == RecordTime.Event && shaped.Time < DateTimeOffset.UnixEpoch ? "before 1970, which a record's timestamp cannot be; --record-time now leaves it to the event"
            : null;
    }

    private bool IsDeletedAtOnce(ShapedEvent shaped) =>
        options.RecordTime == RecordTime.Event && topic.DeletesOlderThan is { } limit && shaped.Time < time.GetUtcNow() - limit;
}
