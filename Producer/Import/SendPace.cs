namespace Streaming.Producer.Import;

/// <summary>So many records per second at most. After a wait of its own making nothing is made up for beyond a second.</summary>
internal sealed class SendPace(double? perSecond, TimeProvider time)
{
    private static readonly TimeSpan MadeUp = TimeSpan.FromSeconds(1);

    private DateTimeOffset? _next;

    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (perSecond is not { } rate)
        {
            return;
        }

        var now = time.GetUtcNow();
        var due = _next is { } planned && planned > now - MadeUp ? planned : now;
        _next = due + TimeSpan.FromSeconds(1 / rate);
        if (due > now)
        {
            await Task.Delay(due - now, time, cancellationToken).ConfigureAwait(false);
        }
    }
}
