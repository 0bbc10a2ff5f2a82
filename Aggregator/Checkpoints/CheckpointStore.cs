using System.Data;
using System.Data.Common;
using Npgsql;
using Streaming.Aggregator.Alerts;

namespace Streaming.Aggregator.Checkpoints;

/// <summary>
/// Writes checkpoints: results, progress and what must leave for Kafka in one transaction. The numbered steps are those of docs/semantics.md,
/// "Checkpoints, step by step". It keeps one connection and is used by one caller at a time.
/// </summary>
public sealed class CheckpointStore(NpgsqlDataSource database, string owner) : IAsyncDisposable
{
    private NpgsqlConnection? _connection;

    /// <summary>Whether transitions of alerts are to be posted as well.</summary>
    public bool HasWebhook { get; init; }

    /// <summary>For tests that die after a step: called with the step's number once it is done, before the next begins.</summary>
    internal Action<int>? AfterStep { get; init; }

    /// <summary>Writes the changes of one or more partitions, all or nothing, and returns each partition's new version in the order given.</summary>
    /// <param name="changes">What to write.</param>
    /// <param name="traceParent">The checkpoint's span, for readers that go on with the trace; null when it is not recorded.</param>
    /// <param name="verified">Awaited before the commit: what must be true then, found out while the rows are written. Its failure rolls back.</param>
    /// <param name="cancellationToken">Gives up; unless the commit was under way, nothing was written.</param>
    /// <exception cref="PartitionClaimedException">A guard refused; nothing was written.</exception>
    /// <exception cref="CheckpointOutcomeUnknownException">The connection broke during COMMIT: ask <see cref="FindOutcomeAsync"/>.</exception>
    /// <exception cref="CheckpointInvariantException">The stored results contradict the change; nothing was written.</exception>
    /// <exception cref="DbException">PostgreSQL refused or is away; nothing was written.</exception>
    public async Task<IReadOnlyList<long>> WriteAsync(
        IReadOnlyList<PartitionChange> changes, string? traceParent, Task verified, CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(cancellationToken);
        try
        {
            return await WriteAsync(connection, changes, traceParent, verified, cancellationToken);
        }
        catch
        {
            // Whatever state it is in, the next checkpoint starts with a fresh session; closing it also rolls back.
            await CloseAsync();
            throw;
        }
    }

    /// <summary>After a commit of unknown outcome: what the database says. Each partition is either as it was, or as the change left it, or another's.</summary>
    /// <exception cref="DbException">PostgreSQL is away.</exception>
    public async Task<CheckpointOutcome> FindOutcomeAsync(IReadOnlyList<PartitionChange> changes, CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(cancellationToken);
        var claimed = new List<InputPartition>();
        bool isWritten = false, isMissing = false;
        foreach (var change in changes)
        {
            var progress = await ProgressSql.ReadAsync(connection, change.Partition, cancellationToken);
            if (progress == new StoredProgress(change.FromVersion + 1, change.ToOffset, owner))
            {
                isWritten = true;
            }
            else if (progress is null || progress.Version != change.FromVersion)
            {
                claimed.Add(change.Partition);
            }
            else
            {
                isMissing = true;
            }
        }

        // All or nothing: where one partition is as it was, another that looks written is one that this very instance has claimed again.
        return new CheckpointOutcome(isWritten && !isMissing, claimed);
    }

    public ValueTask DisposeAsync() => CloseAsync();

    private async Task<IReadOnlyList<long>> WriteAsync(
        NpgsqlConnection connection, IReadOnlyList<PartitionChange> changes, string? traceParent, Task verified, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);

        // Step 1: move the guarded progress rows, in key order, so that two writers can never wait for each other in a circle.
        var ordered = changes.OrderBy(change => change.Partition.TopicId).ThenBy(change => change.Partition.Partition).ToList();
        var moved = await ProgressSql.MoveAsync(connection, ordered, owner, traceParent, cancellationToken);
        AfterStep?.Invoke(1);

        // Step 2: write the windows that changed, the late counts, the idle marks, the events that are kept or sampled, and the alerts, stamped with the new version.
        await WindowSql.WriteAsync(connection, moved, cancellationToken);
        await EventSql.WriteAsync(connection, moved, cancellationToken);
        await SampledEventSql.WriteAsync(connection, moved, cancellationToken);
        await AlertSql.WriteAsync(connection, moved, HasWebhook, cancellationToken);
        foreach (var partition in moved.Where(m => m.Change.Closing is not null))
        {
            // What closes of stored rows is final, and in the outbox, page by page.
            await StoredClosingSql.WriteAsync(connection, partition, HasWebhook, cancellationToken);
        }

        await WindowSql.FinishAsync(connection, moved, cancellationToken);
        AfterStep?.Invoke(2);

        // Step 3: append what must leave for Kafka, numbered under the progress row's lock.
        await OutboxSql.AppendAsync(connection, moved, cancellationToken);
        AfterStep?.Invoke(3);

        // Step 4: one small notification; PostgreSQL delivers it when the transaction commits.
        await NotifySql.NotifyAsync(connection, moved, cancellationToken);
        AfterStep?.Invoke(4);

        // Step 5: commit, once it is certain that the topics are still the ones that the records were read from.
        await verified;
        await CommitAsync(transaction, cancellationToken);
        AfterStep?.Invoke(5);
        var versions = moved.ToDictionary(m => m.Change.Partition, m => m.Version);
        return [.. changes.Select(change => versions[change.Partition])];
    }

    private static async Task CommitAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        try
        {
            await transaction.CommitAsync(cancellationToken);
        }
        catch (Exception e) when (e is not PostgresException { InvariantSeverity: "ERROR" })
        {
            // Only an ERROR is an answer: refused, nothing was written. A FATAL can come after the commit too.
            throw new CheckpointOutcomeUnknownException(e);
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (_connection is { FullState: ConnectionState.Open })
        {
            return _connection;
        }

        await CloseAsync();
        var connection = database.CreateConnection();
        try
        {
            await connection.OpenAsync(cancellationToken);
            await SessionSql.PrepareAsync(connection, cancellationToken);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        return _connection = connection;
    }

    private async ValueTask CloseAsync()
    {
        var connection = _connection;
        _connection = null;
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
    }
}
