using Npgsql;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Consuming;

namespace Streaming.Aggregator.Outbox;

/// <summary>How many rows wait in a pipeline's outbox, looked at every second; counting stops at the bound, since more does not matter.</summary>
internal sealed class OutboxDepth(NpgsqlDataSource database, string pipeline, int bound) : IOutboxDepth
{
    private const string Sql = "SELECT count(*) FROM (SELECT 1 FROM outbox WHERE pipeline = $1 LIMIT $2) o";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private volatile int _rows;

    public int Rows => _rows;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                _rows = await CountAsync(cancellationToken);
                await Task.Delay(Interval, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && CheckpointErrors.MayPass(e))
            {
                // Checkpoints report that PostgreSQL is away; the last count stays in force.
                await Task.Delay(Interval, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    internal async Task<int> CountAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Sql);
        command.Parameters.AddWithValue(pipeline);
        command.Parameters.AddWithValue(bound);
        return (int)(long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
