using Confluent.Kafka;
using Streaming.Embedded.SchemaRegistry.Records;
using Streaming.Embedded.SchemaRegistry.Rules;

namespace Streaming.Embedded.SchemaRegistry.Store;

/// <summary>
/// The registry behind its interface: reads look at what the topic has said, writes are decided one at a time and answered once they have been read back. Keeps
/// a session with the topic, a new one after trouble.
/// </summary>
internal sealed class Registry(SchemaRegistryOptions options, ILogger<Registry> logger, ILogger<SchemasSession> sessionLogger) : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _writing = new(1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _takenOver = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile SchemasSession? _session;
    private Task _running = Task.CompletedTask;

    /// <summary>Ends when another registry has taken over the topic.</summary>
    public Task TakenOver => _takenOver.Task;

    /// <summary>Starts; done when the topic has been read for the first time.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _running = Task.Factory.StartNew(() => RunAsync(_stopping.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        await Task.WhenAny(_ready.Task, _running).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (_running.IsCompleted)
        {
            await _running.ConfigureAwait(false);
        }
    }

    /// <summary>Looks at what there is.</summary>
    /// <exception cref="RegistryException">The topic cannot be used now: what is not known here may be there.</exception>
    public T Read<T>(Func<RegistryState, T> look) => Session.Read(look);

    /// <summary>Decides and writes.</summary>
    /// <exception cref="RegistryException">The rules do not allow it, or the topic cannot be used.</exception>
    public async Task<T> WriteAsync<T>(Func<RegistryState, Decision<T>> decide, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var session = Session;
            var decision = session.Read(decide);
            if (decision.Records.Count > 0)
            {
                // Not cancelled when the client goes away: what has begun is brought to its end, within its own limit.
                await session.WriteAsync(decision.Records).ConfigureAwait(false);
            }

            return decision.Answer;
        }
        catch (StoreException e)
        {
            _session = null;
            throw RegistryErrors.StoreFailed(e.Message);
        }
        catch (TakenOverException)
        {
            _session = null;
            _takenOver.TrySetResult();
            throw RegistryErrors.StoreFailed("another registry has taken over");
        }
        finally
        {
            _writing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stopping.Dispose();
        _writing.Dispose();
    }

    private SchemasSession Session => _session ?? throw RegistryErrors.StoreFailed($"topic {options.Topic} cannot be used now");

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        while (!cancellationToken.IsCancellationRequested && !_takenOver.Task.IsCompleted)
        {
            try
            {
                await SchemasClients.EnsureTopicAsync(options, logger, cancellationToken).ConfigureAwait(false);
                using var session = SchemasSession.Open(options, sessionLogger, cancellationToken);
                pause = FirstPause;
                Use(session, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (KafkaException e)
            {
                Log.StoreAway(logger, options.Topic, e.Error.Reason, pause.TotalSeconds);
                await WaitAsync(pause, cancellationToken).ConfigureAwait(false);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private void Use(SchemasSession session, CancellationToken cancellationToken)
    {
        var (subjects, lastId) = session.Read(state => (state.Subjects(withDeleted: false).Count(), state.LastId));
        if (!_ready.TrySetResult())
        {
            Log.StoreBack(logger, options.Topic, subjects, lastId);
        }

        _session = session;
        try
        {
            session.Follow(() => cancellationToken.IsCancellationRequested || _session != session);
        }
        finally
        {
            _session = null;
            session.End();

            // A write that is under way uses the session's producer.
            _writing.Wait(CancellationToken.None);
            _writing.Release();
        }
    }

    private static async Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The loop's condition ends it.
        }
    }
}
