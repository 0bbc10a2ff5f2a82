using System.Diagnostics;
using Confluent.Kafka;
using Npgsql;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Telemetry;

namespace Streaming.Aggregator.Outbox;

/// <summary>What a relay works with.</summary>
/// <param name="Pipeline">Whose outbox.</param>
/// <param name="Database">Where it is.</param>
/// <param name="Producer">The user's settings of producers.</param>
/// <param name="Consumer">Settings of a consumer without a group that reads committed records and says where they end.</param>
/// <param name="LargestMessage">The largest record that is sent, in bytes.</param>
/// <param name="Lease">How long the lease lasts unless it is renewed.</param>
/// <param name="Interval">How often an empty outbox is looked at.</param>
internal sealed record RelaySettings(
    string Pipeline, NpgsqlDataSource Database, ProducerConfig Producer, ConsumerConfig Consumer, int LargestMessage, TimeSpan Lease, TimeSpan Interval)
{
    /// <summary>How often a relay that has stopped looks whether it may go on.</summary>
    public TimeSpan Recheck { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>
/// Carries a pipeline's outbox to Kafka, each row once: take the lease (step 1 of docs/semantics.md, "The outbox, step by step") → open a session (2 to 4) → relay
/// (5 to 8). After any error: a new session, the same order.
/// </summary>
internal sealed class OutboxRelay(RelaySettings settings, RelayStatus status, AggregatorTelemetry telemetry, ILogger logger)
{
    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(2);

    private readonly OutboxStore _outbox = new(settings.Database, settings.Pipeline);
    private readonly HashSet<(OutboxPartition, long)> _suspects = [];
    private RelaySession? _session;
    private LeaseAnswer _lease = LeaseAnswer.Anothers;
    private long _takenAt;
    private bool _mayHold;

    /// <summary>For tests that die after a step: called with the step's number once it is done, before the next begins.</summary>
    internal Action<int>? AfterStep { get; init; }

    private bool IsHolder => _lease != LeaseAnswer.Anothers;

    /// <summary>Relays until cancelled, then gives the lease back.</summary>
    public async Task RunAsync(string holder, CancellationToken cancellationToken)
    {
        var lease = new RelayLeaseStore(settings.Database, settings.Pipeline, holder, settings.Lease);
        var backoff = new Backoff();
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await StepAsync(lease, backoff, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Close();
            await ReleaseAsync(lease);
        }
        finally
        {
            Close();
        }
    }

    private async Task StepAsync(RelayLeaseStore lease, Backoff backoff, CancellationToken cancellationToken)
    {
        try
        {
            var hasMore = await HoldAsync(lease, cancellationToken) && await RelayAsync(lease, cancellationToken);
            if (!IsHolder)
            {
                Close();
            }

            GoesWell(backoff);
            if (!hasMore)
            {
                await Task.Delay(settings.Interval, cancellationToken);
            }
        }
        catch (RelayStoppedException e)
        {
            Forget();
            status.Stopped(settings.Pipeline, e.Message);
            AggregatorLog.RelayStopped(logger, settings.Pipeline, e.Message);
            await Task.Delay(settings.Recheck, cancellationToken);
        }
        catch (Exception e) when (e is KafkaException or LeaseLostException || CheckpointErrors.MayPass(e))
        {
            // Whatever it was, also having been fenced: nothing is held to be true any more.
            Forget();
            if (backoff.Fail())
            {
                AggregatorLog.RelayFails(logger, backoff.Attempts, e.Message);
            }

            await backoff.WaitAsync(cancellationToken);
        }
    }

    private async Task<bool> RelayAsync(RelayLeaseStore lease, CancellationToken cancellationToken)
    {
        if (_session is null)
        {
            _session = await CreateSessionAsync(lease, cancellationToken);
            await OpenAsync(_session, lease, cancellationToken);
            return true;
        }

        var round = await _session.RelayAsync(cancellationToken);
        if (round == RelayRound.NeedsNewSession)
        {
            Close();
        }

        return round != RelayRound.IsDone;
    }

    /// <summary>Opens a session and renews the lease meanwhile: the session may have to wait for the end of another's transaction.</summary>
    private async Task OpenAsync(RelaySession session, RelayLeaseStore lease, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var opening = session.OpenAsync(_lease == LeaseAnswer.OursWithoutCursors, ending.Token);
        try
        {
            while (!opening.IsCompleted)
            {
                await Task.WhenAny(opening, Task.Delay(settings.Lease / 4, ending.Token));
                if (!await HoldAsync(lease, cancellationToken))
                {
                    throw new LeaseLostException();
                }
            }
        }
        catch
        {
            // Its client may be in the middle of a call: it is closed only after that.
            await ending.CancelAsync();
            await opening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        await opening;
    }

    private async Task<RelaySession> CreateSessionAsync(RelayLeaseStore lease, CancellationToken cancellationToken)
    {
        var installation = await _outbox.FindInstallationAsync(cancellationToken);
        var codec = new CursorCodec(installation, settings.Pipeline);
        var config = RelayProducer.Configure(
            settings.Producer, $"streaming-relay-{installation:D}-{settings.Pipeline}", settings.LargestMessage, settings.Lease);
        return new RelaySession(
            settings, new RelayProducer(config, logger), new CursorReader(settings.Consumer, codec, 3 * settings.Lease, logger), codec, _outbox, lease,
            _suspects, telemetry, logger)
        { AfterStep = AfterStep };
    }

    private void GoesWell(Backoff backoff)
    {
        status.GoesOn(settings.Pipeline);
        if (backoff.Attempts > 0)
        {
            AggregatorLog.RelayGoesOn(logger, backoff.Attempts);
            backoff.Reset();
        }
    }

    /// <summary>Step 1: the lease, asked for again when a quarter of it has passed. False while it is another's.</summary>
    private async Task<bool> HoldAsync(RelayLeaseStore lease, CancellationToken cancellationToken)
    {
        if (IsHolder && Stopwatch.GetElapsedTime(_takenAt) < settings.Lease / 4)
        {
            return true;
        }

        // Until the answer is there the lease is not held: a question that fails has renewed nothing.
        var wasHolder = IsHolder;
        _lease = LeaseAnswer.Anothers;
        _takenAt = Stopwatch.GetTimestamp();
        _mayHold = true;
        _lease = await lease.TakeAsync(cancellationToken);
        _mayHold = IsHolder;
        if (IsHolder && !wasHolder)
        {
            AggregatorLog.RelayTakesOver(logger, settings.Pipeline, lease.Holder);
            AfterStep?.Invoke(1);
        }
        else if (!IsHolder && wasHolder)
        {
            AggregatorLog.LeaseLost(logger, settings.Pipeline);
        }

        return IsHolder;
    }

    private void Forget()
    {
        Close();
        _takenAt = 0;
    }

    private void Close()
    {
        _session?.Dispose();
        _session = null;
    }

    private async Task ReleaseAsync(RelayLeaseStore lease)
    {
        // A question that was broken off may have renewed it all the same; giving back what is another's changes nothing.
        if (!_mayHold)
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
