using Microsoft.Extensions.Logging;

namespace Streaming.Embedded.Kafka.Storage;

/// <summary>What all partitions of a store share.</summary>
internal sealed record LogContext(bool Fsync, LogFileAccess Access, TimeProvider Time, ILogger Logger)
{
    public long NowMs => Time.GetUtcNow().ToUnixTimeMilliseconds();
}
