using System.Runtime.CompilerServices;
using Confluent.Kafka;
using Streaming.Contracts.Kafka;
using Streaming.Producer.Publishing;

namespace Streaming.Producer.Scenarios;

/// <summary>Sends a scenario's records, each at its time. Creates its topics and sends its reference records first.</summary>
public sealed partial class ScenarioWorker<TScenario>(
    TScenario scenario,
    KafkaConnection connection,
    EventPublisher publisher,
    Deliveries deliveries,
    TimeProvider time,
    ILoggerFactory loggers) : BackgroundService
    where TScenario : IScenario
{
    /// <summary>Records sent in one go when there is no pace to keep.</summary>
    private const int UnpacedRun = 1000;

    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(10);

    private readonly ILogger _logger = loggers.CreateLogger("Streaming.Producer.Scenarios");

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // The host goes on while this scenario prepares.
            await Task.Yield();
            await RunAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
        catch
        {
            // The host logs the exception and stops; whoever started the process is to see that it failed.
            Environment.ExitCode = 1;
            throw;
        }
        finally
        {
            // Blocks, so on a thread of its own.
            await Task.Factory.StartNew(
                () => publisher.Flush(FlushLimit), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        LibrdkafkaVersion.Require();
        if (scenario is IPreparedScenario prepared)
        {
            await prepared.PrepareAsync(cancellationToken).ConfigureAwait(false);
        }

        await PrepareAsync(cancellationToken).ConfigureAwait(false);
        var records = scenario is IUnpacedScenario { IsUnpaced: true } unpaced
            ? UnpacedAsync(unpaced)
            : PacedAsync(scenario.From(await FirstTimeAsync(cancellationToken).ConfigureAwait(false)), cancellationToken);
        await foreach (var record in records.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (deliveries.Fatal is { } fatal)
            {
                throw new KafkaException(fatal);
            }

            if (deliveries.TakeMissing(scenario.Topics))
            {
                await PrepareAsync(cancellationToken).ConfigureAwait(false);
            }

            await publisher.PublishAsync(record.Topic, record.Key, record.Value, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await KafkaTopics.EnsureAsync(connection.Config, scenario.Topics, _logger, cancellationToken).ConfigureAwait(false);
        foreach (var record in scenario.References())
        {
            await publisher.PublishAsync(record.Topic, record.Key, record.Value, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Now, or earlier by the history that a topic without any is given.</summary>
    private async Task<DateTimeOffset> FirstTimeAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (scenario.History > TimeSpan.Zero && await IsUntouchedAsync(cancellationToken).ConfigureAwait(false))
        {
            Backfilling(_logger, scenario.Topics[0].Name, scenario.History.TotalMinutes, scenario.Title);
            return now - scenario.History;
        }

        Starting(_logger, scenario.Title);
        return now;
    }

    private async Task<bool> IsUntouchedAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await connection.IsUntouchedAsync(scenario.Topics[0], cancellationToken).ConfigureAwait(false);
        }
        catch (KafkaException exception)
        {
            // History is for the eye of a first visitor; without the answer, none is sent rather than perhaps a second time.
            NoHistory(_logger, scenario.Topics[0].Name, exception.Error.Reason);
            return false;
        }
    }

    /// <summary>Each record when its time has come; at once when that has passed.</summary>
    private async IAsyncEnumerable<OutgoingRecord> PacedAsync(IEnumerable<OutgoingRecord> records, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var record in records)
        {
            var early = record.SentAt - time.GetUtcNow();
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, time, cancellationToken).ConfigureAwait(false);
            }

            yield return record;
        }
    }

    private async IAsyncEnumerable<OutgoingRecord> UnpacedAsync(IUnpacedScenario unpaced)
    {
        while (true)
        {
            // In between, whatever else waits for a pool thread gets one.
            await Task.Yield();
            for (var i = 0; i < UnpacedRun; i++)
            {
                yield return unpaced.At(time.GetUtcNow());
            }
        }
    }

    [LoggerMessage(EventId = 1010, Level = LogLevel.Information, Message = "Sending {Title}.")]
    private static partial void Starting(ILogger logger, string title);

    [LoggerMessage(EventId = 1011, Level = LogLevel.Information,
        Message = "The topic {Topic} is new: sending {Minutes} minutes of history, then {Title} as they happen.")]
    private static partial void Backfilling(ILogger logger, string topic, double minutes, string title);

    [LoggerMessage(EventId = 1012, Level = LogLevel.Warning, Message = "Whether the topic {Topic} is new could not be found out ({Reason}): no history is sent.")]
    private static partial void NoHistory(ILogger logger, string topic, string reason);
}
