using Confluent.Kafka;

namespace Streaming.Contracts.Kafka;

/// <summary>
/// The one owner of an administrative client. Whoever asks may give up waiting, but the question itself goes on until it is answered or its request's own limit has
/// passed, and closing waits for that, though not for long: a request after the native client was freed would end the process. (The .NET client looks whether it is closed before it calls
/// the native one, not while it does; and closing a consumer frees what administrative clients that were built upon it use.) All members may be used from several
/// threads; the client is built with the first question. This file is compiled into the projects that need it, as <see cref="KafkaTopics"/> is.
/// </summary>
internal sealed class AdminConnection : IDisposable, IAsyncDisposable
{
    /// <summary>How long closing waits for questions under way.</summary>
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _unused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lazy<IAdminClient> _client;
    private int _users;
    private bool _isClosed;

    /// <param name="build">Makes the client, which nobody else uses.</param>
    public AdminConnection(Func<IAdminClient> build) => _client = new Lazy<IAdminClient>(build);

    /// <summary>Asks. When it is cancelled the caller goes on at once; a question of several requests makes no further one.</summary>
    /// <param name="question">Uses the client until its task ends, and no longer. Its requests have limits, and between them it looks at the token.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="KafkaException">The cluster is away or refuses.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or the connection is being closed.</exception>
    public async Task<T> AskAsync<T>(Func<IAdminClient, CancellationToken, Task<T>> question, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var asking = RunAsync(question, cancellationToken);
        try
        {
            return await asking.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!asking.IsCompleted)
        {
            // Nobody waits for the answer any more, nor for why there is none.
            _ = asking.ContinueWith(static ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>
    /// Takes no more questions, waits for those under way, and closes the client. One that is still used after two seconds is left as it is: what is never freed cannot end
    /// the process, which is about to end anyway, and a request's own limit may be minutes.
    /// </summary>
    public void Dispose()
    {
        if (TryClose() && _unused.Task.Wait(CloseLimit))
        {
            Release();
        }
    }

    /// <inheritdoc cref="Dispose"/>
    public async ValueTask DisposeAsync()
    {
        if (TryClose() && await IsUnusedAsync().ConfigureAwait(false))
        {
            Release();
        }
    }

    private async Task<bool> IsUnusedAsync()
    {
        using var limit = new CancellationTokenSource();
        var first = await Task.WhenAny(_unused.Task, Task.Delay(CloseLimit, limit.Token)).ConfigureAwait(false);
        await limit.CancelAsync().ConfigureAwait(false);
        return first == _unused.Task;
    }

    private async Task<T> RunAsync<T>(Func<IAdminClient, CancellationToken, Task<T>> question, CancellationToken cancellationToken)
    {
        Enter();
        try
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
            return await question(_client.Value, ending.Token).ConfigureAwait(false);
        }
        finally
        {
            Leave();
        }
    }

    private void Enter()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                throw new OperationCanceledException("The connection to Kafka is closed.");
            }

            _users++;
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            if (--_users == 0 && _isClosed)
            {
                _unused.SetResult();
            }
        }
    }

    private bool TryClose()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            _isClosed = true;
            if (_users == 0)
            {
                _unused.SetResult();
            }
        }

        _closing.Cancel();
        return true;
    }

    private void Release()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }

        _closing.Dispose();
    }
}
