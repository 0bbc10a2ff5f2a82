using System.Numerics;
using System.Security.Cryptography;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Telemetry;

namespace Streaming.Aggregator.Alerts.Webhook;

/// <summary>
/// Posts the transitions of alerts, at least once each and in order for each alert: take a few deliveries → post them side by side → delete what was taken,
/// postpone the rest. Several instances may run one each. One that dies after a post and before its delete leaves the row; it is posted again, with the same key.
/// </summary>
internal sealed class WebhookSender(
    WebhookStore store, WebhookClient client, WebhookOptions options, AggregatorTelemetry telemetry, ILogger logger)
{
    private const int MostAtOnce = 16;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>For what comes around a post: reading its row before, writing what became of it after.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(20);

    /// <summary>For tests that die between a post and its delete: called after each answer.</summary>
    internal Action? AfterPost { get; init; }

    /// <summary>Posts until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        AggregatorLog.WebhookStarts(logger, client.Host);
        var backoff = new Backoff();
        try
        {
            while (true)
            {
                await StepAsync(backoff, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end. What was under way comes back when its hold ends.
        }
    }

    /// <summary>Posts what is due, a few at a time; returns how many it tried.</summary>
    internal async Task<int> SendDueAsync(CancellationToken cancellationToken)
    {
        var taken = await store.TakeAsync(MostAtOnce, options.Timeout + Margin, cancellationToken);
        await Task.WhenAll(taken.Select(delivery => SendAsync(delivery, cancellationToken)));
        return taken.Count;
    }

    private async Task StepAsync(Backoff backoff, CancellationToken cancellationToken)
    {
        try
        {
            var tried = await SendDueAsync(cancellationToken);
            backoff.Reset();
            if (tried == 0)
            {
                await Task.Delay(Interval, cancellationToken);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && CheckpointErrors.MayPass(e))
        {
            if (backoff.Fail())
            {
                AggregatorLog.WebhookStoreFails(logger, backoff.Attempts, e.Message);
            }

            await backoff.WaitAsync(cancellationToken);
        }
    }

    private async Task SendAsync(PendingDelivery delivery, CancellationToken cancellationToken)
    {
        using var span = WebhookSpan.Start(delivery, client.Host);
        var answer = await client.PostAsync(delivery.IdempotencyKey, delivery.Body, cancellationToken);
        WebhookSpan.Answered(span, answer);
        AfterPost?.Invoke();
        if (answer.Error is not { } error)
        {
            telemetry.WebhookDelivered();
            await store.DeleteAsync(delivery, cancellationToken);
            return;
        }

        telemetry.WebhookFailed();
        if (delivery.Age > options.GiveUpAfter)
        {
            telemetry.WebhookGivenUp();
            AggregatorLog.WebhookGivenUp(logger, delivery.IdempotencyKey, client.Host, delivery.Attempts, error);
            await store.DeleteAsync(delivery, cancellationToken);
            return;
        }

        // The first failure, then ever more rarely.
        if (BitOperations.IsPow2(delivery.Attempts))
        {
            AggregatorLog.WebhookFails(logger, delivery.IdempotencyKey, client.Host, delivery.Attempts, error);
        }

        await store.PostponeAsync(delivery, WebhookPause.After(delivery.Attempts, Chance(), answer.RetryAfter), error, cancellationToken);
    }

    private static double Chance() => RandomNumberGenerator.GetInt32(1_000_001) / 1_000_000.0;
}
