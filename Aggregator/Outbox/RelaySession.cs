using System.Diagnostics;
using Streaming.Aggregator.Telemetry;

namespace Streaming.Aggregator.Outbox;

/// <summary>How a round of the relay ended.</summary>
internal enum RelayRound
{
    /// <summary>The outbox is relayed, as far as it was read.</summary>
    IsDone,

    /// <summary>There is more to do at once.</summary>
    HasMore,

    /// <summary>There is more to do, with a new producer.</summary>
    NeedsNewSession,
}

/// <summary>
/// What a relay does with one producer, until the first error: it finds out where its predecessor stood, then carries rows. The numbered steps are those of
/// docs/semantics.md, "The outbox, step by step"; step 1, the lease, is <see cref="OutboxRelay"/>'s.
/// </summary>
internal sealed class RelaySession(
    RelaySettings settings, RelayProducer producer, CursorReader reader, CursorCodec codec, OutboxStore outbox, RelayLeaseStore lease,
    HashSet<(OutboxPartition, long)> suspects, AggregatorTelemetry telemetry, ILogger logger) : IDisposable
{
    private const int MostRows = 5000;
    private const long MostBytes = 8L << 20;

    private Dictionary<OutboxPartition, long> _cursors = [];
    private OutboxPartition? _after;
    private bool _acceptsGaps;

    /// <summary>For tests that die after a step: called with the step's number once it is done, before the next begins.</summary>
    internal Action<int>? AfterStep { get; init; }

    /// <summary>Steps 2 to 4. Afterwards the cursors are known and nothing of a predecessor is under way.</summary>
    /// <param name="mayAdopt">The relay before this one kept no cursors, or somebody has accepted a loss: what is not in the outbox is taken as relayed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RelayStoppedException">The cursors and PostgreSQL contradict each other.</exception>
    public async Task OpenAsync(bool mayAdopt, CancellationToken cancellationToken)
    {
        _acceptsGaps = mayAdopt;

        // Step 2: fence a former holder, and let the transaction that it left be settled.
        await producer.InitializeAsync(cancellationToken);
        AfterStep?.Invoke(2);

        // Step 3: only now the cursors stand still: read them to the end, and hold them against what PostgreSQL knows.
        _cursors = await reader.ReadAsync(cancellationToken);
        var contradictions = CursorCheck.Contradictions(_cursors, await outbox.FindKnownAsync(cancellationToken));
        if (contradictions.Count > 0)
        {
            await AdoptAsync(contradictions, mayAdopt, cancellationToken);
        }

        if (mayAdopt && !await lease.MarkAsync(cancellationToken))
        {
            throw new LeaseLostException();
        }

        AfterStep?.Invoke(3);

        // Step 4: delete what a predecessor has relayed and not deleted. A cursor that was read back is committed.
        await outbox.DeleteAsync(_cursors, cancellationToken);
        AfterStep?.Invoke(4);
    }

    /// <summary>Steps 5 to 8, once.</summary>
    /// <exception cref="RelayStoppedException">A row is missing.</exception>
    public async Task<RelayRound> RelayAsync(CancellationToken cancellationToken)
    {
        var read = await outbox.ReadAsync(_after, MostRows, MostBytes, cancellationToken);
        if (read.Rows.Where(row => row.Message.Size > settings.LargestMessage).ToList() is { Count: > 0 } tooLarge)
        {
            await ParkAsync(tooLarge, cancellationToken);
            return RelayRound.HasMore;
        }

        // A partition with a long backlog gets one batch, then the others have their turn.
        var hasMore = read.IsCut || _after is not null;
        _after = read.IsCut ? read.Rows[^1].Partition : null;
        var batch = RelayBatch.Plan(read.Rows, _cursors, suspects, _acceptsGaps);
        if (!batch.IsEmpty && !await TryRelayAsync(batch, cancellationToken))
        {
            return RelayRound.NeedsNewSession;
        }

        return hasMore || suspects.Count > 0 ? RelayRound.HasMore : RelayRound.IsDone;
    }

    public void Dispose() => producer.Dispose();

    /// <summary>False when rows were refused: they are settled, and this producer's sequence of numbers has a gap from now on.</summary>
    private async Task<bool> TryRelayAsync(RelayBatch batch, CancellationToken cancellationToken)
    {
        using var span = RelaySpan.Start(settings.Pipeline, batch.Rows, producer.Name);
        try
        {
            return await TryRelayAsync(batch, span, cancellationToken);
        }
        catch (Exception e) when (span is not null)
        {
            span.Fail(e);
            throw;
        }
    }

    private async Task<bool> TryRelayAsync(RelayBatch batch, Activity? span, CancellationToken cancellationToken)
    {
        // Step 5: send the rows.
        producer.Begin();
        if (await producer.SendAsync(batch.Rows, cancellationToken) is { Count: > 0 } refused)
        {
            RelaySpan.Refused(span, refused[0].Error);
            await SettleAsync(batch, refused, cancellationToken);
            await producer.AbortAsync(cancellationToken);
            return false;
        }

        AfterStep?.Invoke(5);

        // Step 6: in the same transaction, say how far they go.
        await producer.SendAsync(codec, batch.Cursors, cancellationToken);
        AfterStep?.Invoke(6);

        // Step 7: commit both.
        await producer.CommitAsync(cancellationToken);
        Advance(batch);
        AfterStep?.Invoke(7);

        // Step 8: delete them. The commit has been answered, so the cursors are as good as read back.
        await outbox.DeleteAsync(batch.Cursors, cancellationToken);
        AfterStep?.Invoke(8);
        return true;
    }

    private void Advance(RelayBatch batch)
    {
        foreach (var (partition, seq) in batch.Cursors)
        {
            _cursors[partition] = seq;
        }

        suspects.ExceptWith(batch.Rows.Select(row => (row.Partition, row.Seq)));
        telemetry.Relayed(batch.Rows.Count);
    }

    /// <summary>The broker refuses batches as a whole: rows that were refused together go again one by one; one that is refused alone is parked.</summary>
    private async Task SettleAsync(RelayBatch batch, IReadOnlyList<Refusal> refused, CancellationToken cancellationToken)
    {
        if (batch.Rows.Count > 1)
        {
            suspects.UnionWith(refused.Select(refusal => (refusal.Row.Partition, refusal.Row.Seq)));
        }
        else
        {
            await ParkAsync(refused[0].Row, refused[0].Error.Reason, cancellationToken);
        }
    }

    private async Task ParkAsync(List<RelayRow> tooLarge, CancellationToken cancellationToken)
    {
        foreach (var row in tooLarge)
        {
            await ParkAsync(row, $"{row.Message.Size} bytes; the largest message is {settings.LargestMessage}", cancellationToken);
        }
    }

    private async Task ParkAsync(RelayRow row, string error, CancellationToken cancellationToken)
    {
        // Step 9, for a row that the broker will never take: put it aside; the next transaction's cursor passes it.
        if (!await outbox.ParkAsync(row, error, lease.Holder, cancellationToken))
        {
            throw new LeaseLostException();
        }

        suspects.Remove((row.Partition, row.Seq));
        telemetry.Parked();
        AggregatorLog.Parked(logger, row.Partition.Partition, row.Seq, row.Message.Topic, error);
        AfterStep?.Invoke(9);
    }

    /// <summary>The first relay with cursors on a database whose rows were relayed without: it begins where PostgreSQL says, in a transaction of its own.</summary>
    private async Task AdoptAsync(IReadOnlyList<KnownRows> contradictions, bool mayAdopt, CancellationToken cancellationToken)
    {
        if (!mayAdopt)
        {
            throw new RelayStoppedException(CursorCheck.Describe(_cursors, contradictions));
        }

        var adopted = contradictions.ToDictionary(rows => rows.Partition, rows => rows.Gone);
        producer.Begin();
        await producer.SendAsync(codec, adopted, cancellationToken);
        await producer.CommitAsync(cancellationToken);
        AggregatorLog.CursorsAdopted(logger, settings.Pipeline, CursorCheck.Describe(_cursors, contradictions));
        foreach (var (partition, seq) in adopted)
        {
            _cursors[partition] = seq;
        }

        AfterStep?.Invoke(10);
    }
}
