using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Streaming.Contracts.Kafka;
using Streaming.Contracts.Tracing;
using Streaming.Producer.Publishing;

namespace Streaming.Producer.Http;

/// <summary>
/// The client that sends what comes over HTTP. It is another than the scenarios', so that neither fills the other's queue, and it gives up on a record when its sender
/// is told so. Safe for several threads.
/// </summary>
internal sealed partial class IntakeProducer : IDisposable
{
    /// <summary>The client reports within its own limit; this is for what keeps the report from coming.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly IntakeOptions _options;
    private readonly ILogger _logger;
    private readonly IntakeClient _client;

    public IntakeProducer(KafkaConnection connection, IOptions<IntakeOptions> options, ILogger<IntakeProducer> logger)
    {
        (_options, _logger) = (options.Value, logger);
        _client = new IntakeClient(giveUp => Build(connection, giveUp));
    }

    /// <summary>
    /// Sends a record; the task ends with Kafka's answer. <paramref name="room"/> is held until then, whoever still waits for it. A record that
    /// <paramref name="isTraced"/> has a span below the request's, if that is recorded.
    /// </summary>
    /// <exception cref="IntakeRefusal">There is no room in the client's queue (503), or the record is too large (413).</exception>
    public async Task<Task<DeliveryReport<byte[]?, byte[]>>> QueueAsync(
        string topic, byte[]? key, byte[] value, InFlight.Room room, bool isTraced, CancellationToken cancellationToken)
    {
        var message = new Message<byte[]?, byte[]> { Key = key, Value = value };
        var span = isTraced && Activity.Current is { Recorded: true } ? SendSpan.Start(EventPublisher.Source, topic, key, isTombstone: false, clientId: null) : null;
        if (span is not null)
        {
            message.Headers = TraceHeader.With(null, span);
        }

        try
        {
            return await QueueAsync(topic, message, room, span, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (span is not null)
        {
            SendSpan.Fail(span, exception);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<Task<DeliveryReport<byte[]?, byte[]>>> QueueAsync(
        string topic, Message<byte[]?, byte[]> message, InFlight.Room room, Activity? span, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<DeliveryReport<byte[]?, byte[]>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = Stopwatch.GetTimestamp();
        while (!TryProduce(topic, message, answer, room, span))
        {
            if (Stopwatch.GetElapsedTime(begun) > _options.AcknowledgedWithin)
            {
                throw IntakeRefusal.TryLater(StatusCodes.Status503ServiceUnavailable, "Kafka does not keep up: the client's queue is full.");
            }

            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }

        return answer.Task.WaitAsync(_options.AcknowledgedWithin + Slack, cancellationToken);
    }

    private bool TryProduce(
        string topic, Message<byte[]?, byte[]> message, TaskCompletionSource<DeliveryReport<byte[]?, byte[]>> answer, InFlight.Room room, Activity? span)
    {
        room.Hold();
        try
        {
            Produce(topic, message, span, report =>
            {
                room.Dispose();
                if (span is not null)
                {
                    SendSpan.End(span, report);
                }

                answer.TrySetResult(report);
            });
            return true;
        }
        catch (IntakeRefusal)
        {
            room.Dispose();
            throw;
        }
        catch (ProduceException<byte[]?, byte[]> exception)
        {
            room.Dispose();
            return exception.Error.Code switch
            {
                ErrorCode.Local_QueueFull => false,
                ErrorCode.MsgSizeTooLarge => throw new IntakeRefusal(StatusCodes.Status413PayloadTooLarge, "The record is larger than the client sends."),
                _ => throw IntakeRefusal.TryLater(StatusCodes.Status503ServiceUnavailable, $"The Kafka client takes no record: {exception.Error.Reason}"),
            };
        }
    }

    private void Produce(string topic, Message<byte[]?, byte[]> message, Activity? span, Action<DeliveryReport<byte[]?, byte[]>> reported) => _client.Use(producer =>
    {
        span?.SetTag(MessagingTags.ClientId, producer.Name);
        producer.Produce(topic, message, reported);
    });

    private IProducer<byte[]?, byte[]> Build(KafkaConnection connection, Action giveUp)
    {
        var config = new ProducerConfig(connection.Config.ToDictionary(pair => pair.Key, pair => pair.Value))
        {
            MessageTimeoutMs = (int)_options.AcknowledgedWithin.TotalMilliseconds,
            MessageMaxBytes = _options.LargestRecord + Records.TopicFacts.Overhead,
            StatisticsIntervalMs = 0,
        };
        return new ProducerBuilder<byte[]?, byte[]>(config)
            .SetLogHandler((_, line) => ClientLine(_logger, line.Message))
            .SetErrorHandler((_, error) =>
            {
                ClientLine(_logger, error.Reason);
                if (error.IsFatal)
                {
                    giveUp();
                }
            })
            .Build();
    }

    [LoggerMessage(EventId = 1090, Level = LogLevel.Debug, Message = "Kafka client of the HTTP intake: {Text}")]
    private static partial void ClientLine(ILogger logger, string text);
}
