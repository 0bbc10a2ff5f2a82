using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Streaming.Contracts;
using Streaming.Contracts.Kafka;
using Streaming.Producer.Publishing;

namespace Streaming.Producer.Scenarios.StoreSales;

/// <summary>Sends the simulated sales, each at its time. Creates the topics and publishes the stores first.</summary>
public sealed partial class StoreSalesScenario(
    KafkaConnection connection,
    SalesPublisher publisher,
    Deliveries deliveries,
    IOptions<ProducerOptions> options,
    TimeProvider time,
    ILogger<StoreSalesScenario> logger) : BackgroundService
{
    /// <summary>Events sent in one go when there is no pace to keep.</summary>
    private const int UnpacedRun = 1000;

    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
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
        await PrepareAsync(cancellationToken).ConfigureAwait(false);
        var generator = new StoreSalesGenerator(options.Value, StoreCatalogue.Stores);
        var sales = options.Value.EventsPerSecond > 0
            ? PacedAsync(generator.From(await FirstSaleAsync(cancellationToken).ConfigureAwait(false)), cancellationToken)
            : UnpacedAsync(generator);
        await foreach (var sale in sales.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (deliveries.Fatal is { } fatal)
            {
                throw new KafkaException(fatal);
            }

            if (deliveries.TakeTopicMissing())
            {
                await PrepareAsync(cancellationToken).ConfigureAwait(false);
            }

            await publisher.PublishAsync(Topics.Sales.Name, sale.Key, sale.Value, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await KafkaTopics.EnsureAsync(connection.Config, [Topics.Sales, Topics.Stores], logger, cancellationToken).ConfigureAwait(false);
        foreach (var profile in StoreCatalogue.Stores)
        {
            var key = System.Text.Encoding.UTF8.GetBytes(profile.Store.StoreId);
            await publisher.PublishAsync(Topics.Stores.Name, key, StoreJson.Encode(profile.Store), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Now, or earlier by the history that a topic without any is given.</summary>
    private async Task<DateTimeOffset> FirstSaleAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var history = TimeSpan.FromMinutes(options.Value.BackfillMinutes);
        if (history > TimeSpan.Zero && await IsUntouchedAsync(cancellationToken).ConfigureAwait(false))
        {
            Backfilling(logger, history.TotalMinutes, options.Value.EventsPerSecond);
            return now - history;
        }

        Starting(logger, options.Value.EventsPerSecond);
        return now;
    }

    private async Task<bool> IsUntouchedAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await connection.IsUntouchedAsync(Topics.Sales, cancellationToken).ConfigureAwait(false);
        }
        catch (KafkaException exception)
        {
            // History is for the eye of a first visitor; without the answer, none is sent rather than perhaps a second time.
            NoHistory(logger, exception.Error.Reason);
            return false;
        }
    }

    /// <summary>Each sale when its time has come; at once when that has passed.</summary>
    private async IAsyncEnumerable<SimulatedSale> PacedAsync(
        IEnumerable<SimulatedSale> sales, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var sale in sales)
        {
            var early = sale.SentAt - time.GetUtcNow();
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, time, cancellationToken).ConfigureAwait(false);
            }

            yield return sale;
        }
    }

    private async IAsyncEnumerable<SimulatedSale> UnpacedAsync(StoreSalesGenerator generator)
    {
        while (true)
        {
            // In between, whatever else waits for a pool thread gets one.
            await Task.Yield();
            for (var i = 0; i < UnpacedRun; i++)
            {
                yield return generator.At(time.GetUtcNow());
            }
        }
    }

    [LoggerMessage(EventId = 1010, Level = LogLevel.Information, Message = "Sending store sales, {Rate} a second on average (0: as fast as it goes).")]
    private static partial void Starting(ILogger logger, double rate);

    [LoggerMessage(EventId = 1011, Level = LogLevel.Information,
        Message = "The topic is new: sending {Minutes} minutes of history, then store sales as they happen, {Rate} a second on average.")]
    private static partial void Backfilling(ILogger logger, double minutes, double rate);

    [LoggerMessage(EventId = 1012, Level = LogLevel.Warning, Message = "Whether the topic is new could not be found out ({Reason}): no history is sent.")]
    private static partial void NoHistory(ILogger logger, string reason);
}
