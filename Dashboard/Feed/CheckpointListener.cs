using System.Text.Json;
using Npgsql;

namespace Streaming.Dashboard.Feed;

/// <summary>A connection of its own that hears when a checkpoint was committed. Not safe for concurrent use.</summary>
internal sealed class CheckpointListener : IAsyncDisposable
{
    /// <summary>The channel that the Aggregator notifies inside every checkpoint.</summary>
    public const string Channel = "streaming_checkpoints";

    /// <summary>The channel on which a pause, a resumption or a replay is told; its payload is a pipeline's name.</summary>
    private const string ControlChannel = "streaming_control";

    private readonly NpgsqlConnection _connection;
    private readonly string? _pipeline;
    private bool _heard;

    private CheckpointListener(NpgsqlConnection connection, string? pipeline)
    {
        _connection = connection;
        _pipeline = pipeline;
        _connection.Notification += (_, notification) => _heard |= Concerns(notification.Payload);
    }

    /// <summary>Connects and listens; from then on no checkpoint goes unheard while the connection lives. Null hears all pipelines.</summary>
    public static async Task<CheckpointListener> OpenAsync(NpgsqlDataSource database, string? pipeline, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        var listener = new CheckpointListener(connection, pipeline);
        try
        {
            await using var listen = new NpgsqlCommand($"LISTEN {Channel}; LISTEN {ControlChannel}", connection);
            await listen.ExecuteNonQueryAsync(cancellationToken);
            return listener;
        }
        catch
        {
            await listener.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until a checkpoint of the pipeline was heard, or <paramref name="atMost"/> has passed; a burst counts once.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        var until = Environment.TickCount64 + (long)atMost.TotalMilliseconds;
        while (!_heard && until - Environment.TickCount64 is > 0 and var left)
        {
            await _connection.WaitAsync(TimeSpan.FromMilliseconds(left), cancellationToken);
        }

        _heard = false;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    /// <summary>A payload that cannot be read may concern anybody: asking once too often is harmless.</summary>
    private bool Concerns(string payload)
    {
        try
        {
            using var json = JsonDocument.Parse(payload);
            return _pipeline is null
                || json.RootElement.ValueKind != JsonValueKind.Object
                || !json.RootElement.TryGetProperty("pipeline", out var pipeline)
                || pipeline.ValueKind != JsonValueKind.String
                || pipeline.GetString() == _pipeline;
        }
        catch (JsonException)
        {
            return true;
        }
    }
}
