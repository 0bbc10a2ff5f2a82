using Npgsql;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Consuming;

namespace Streaming.Aggregator.Control;

/// <summary>Wakes those who wait for control rows to change.</summary>
internal sealed class ControlSignal
{
    private TaskCompletionSource _next = Create();

    /// <summary>Completes with the next change. Take it before reading the rows, so that no change falls between.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Raise() => Interlocked.Exchange(ref _next, Create()).TrySetResult();

    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>Hears PostgreSQL's notifications of changed control rows. While it cannot, the rows are looked at every second all the same.</summary>
internal sealed class ControlListener(NpgsqlDataSource database, ControlSignal signal)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var backoff = new Backoff();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(backoff, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (CheckpointErrors.MayPass(e))
            {
                // Checkpoints report that PostgreSQL is away.
                await Task.WhenAny(backoff.WaitAsync(cancellationToken));
            }
        }
    }

    private async Task ListenAsync(Backoff backoff, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (var listen = new NpgsqlCommand($"LISTEN {ControlStore.Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        backoff.Reset();
        connection.Notification += (_, _) => signal.Raise();
        while (true)
        {
            await connection.WaitAsync(cancellationToken);
        }
    }
}
