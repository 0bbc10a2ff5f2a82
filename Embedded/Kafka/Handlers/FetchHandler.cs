using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Gives record batches, waiting a while if there are too few.</summary>
internal sealed class FetchHandler(TopicStore store, BrokerOptions options, TimeProvider time) : RequestHandler<FetchRequest>
{
    /// <summary>A client may ask to wait longer; it is answered after this time.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);

    protected override async ValueTask<IResponse?> HandleAsync(FetchRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (request.SessionId != 0)
        {
            return new FetchResponse(ErrorCode.FetchSessionIdNotFound, []);
        }

        var read = FetchRead.Run(store, request, options.MaxFetchBytes);
        return read.IsEnough(request.MinBytes) || request.MaxWaitMs <= 0
            ? read.ToResponse()
            : await ReadLaterAsync(request, read, cancellationToken).ConfigureAwait(false);
    }

    private async Task<FetchResponse> ReadLaterAsync(FetchRequest request, FetchRead read, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var wait = TimeSpan.FromMilliseconds(Math.Min(request.MaxWaitMs, MaxWait.TotalMilliseconds));
        using var arrival = new ArrivalSignal(read.Logs);
        while (true)
        {
            // Listening began before this look, so that nothing slips through between look and wait.
            var arrived = arrival.Next();
            read.Dispose();
            read = FetchRead.Run(store, request, options.MaxFetchBytes);
            var left = wait - time.GetElapsedTime(start);
            if (read.IsEnough(request.MinBytes) || left <= TimeSpan.Zero)
            {
                return read.ToResponse();
            }

            using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(arrived, Task.Delay(left, time, timer.Token)).ConfigureAwait(false);
            await timer.CancelAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
