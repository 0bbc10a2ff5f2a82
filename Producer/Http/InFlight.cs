using Microsoft.Extensions.Options;

namespace Streaming.Producer.Http;

/// <summary>How much is being taken in at this moment. Nobody waits for room: who finds none is told to come again. Safe for several threads.</summary>
internal sealed class InFlight(IOptions<IntakeOptions> options)
{
    private readonly Lock _gate = new();
    private readonly IntakeOptions _options = options.Value;
    private long _bytes;
    private int _requests;

    /// <summary>Takes room for a request.</summary>
    /// <exception cref="IntakeRefusal">There is none: 429.</exception>
    public Room Enter(long bytes)
    {
        lock (_gate)
        {
            if (_requests >= _options.RequestsInFlight || _bytes + bytes > _options.BytesInFlight)
            {
                throw IntakeRefusal.TryLater(StatusCodes.Status429TooManyRequests, $"{_requests} requests with {_bytes} bytes are under way; there is no room for more now.");
            }

            _requests++;
            _bytes += bytes;
            return new Room(this, bytes);
        }
    }

    /// <summary>
    /// A request's room. It is held by the request and by every record of it that Kafka has not answered for, since a request that was given up by its sender leaves them in
    /// the client's queue.
    /// </summary>
    internal sealed class Room(InFlight all, long bytes) : IDisposable
    {
        private int _holders = 1;

        public void Hold() => Interlocked.Increment(ref _holders);

        public void Dispose()
        {
            if (Interlocked.Decrement(ref _holders) == 0)
            {
                lock (all._gate)
                {
                    all._requests--;
                    all._bytes -= bytes;
                }
            }
        }
    }
}
