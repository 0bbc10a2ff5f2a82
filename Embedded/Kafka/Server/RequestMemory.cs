namespace Streaming.Embedded.Kafka.Server;

/// <summary>Bytes that large requests of all connections may take together. Who finds none left waits, in order.</summary>
internal sealed class RequestMemory(long capacity)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<(long Bytes, TaskCompletionSource Granted)> _waiting = [];
    private long _free = capacity;

    /// <summary>Takes bytes; waits for them if need be. One more than the whole capacity never comes.</summary>
    public async ValueTask TakeAsync(long bytes, CancellationToken cancellationToken)
    {
        LinkedListNode<(long Bytes, TaskCompletionSource Granted)> place;
        lock (_gate)
        {
            if (_waiting.Count == 0 && _free >= bytes)
            {
                _free -= bytes;
                return;
            }

            place = _waiting.AddLast((bytes, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)));
        }

        try
        {
            await place.Value.Granted.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            GiveUp(place);
            throw;
        }
    }

    public void Return(long bytes)
    {
        lock (_gate)
        {
            _free += bytes;
            Grant();
        }
    }

    private void GiveUp(LinkedListNode<(long Bytes, TaskCompletionSource Granted)> place)
    {
        lock (_gate)
        {
            if (place.Value.Granted.Task.IsCompleted)
            {
                _free += place.Value.Bytes;
            }
            else
            {
                _waiting.Remove(place);
            }

            Grant();
        }
    }

    private void Grant()
    {
        while (_waiting.First is { } first && _free >= first.Value.Bytes)
        {
            _free -= first.Value.Bytes;
            _waiting.RemoveFirst();
            first.Value.Granted.SetResult();
        }
    }
}
