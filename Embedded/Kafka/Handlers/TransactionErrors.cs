using Streaming.Embedded.Kafka.Protocol;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Clients that are older than the error PRODUCER_FENCED know it under another name (KIP-588).</summary>
internal static class TransactionErrors
{
    /// <param name="firstVersion">The request's version from which on the error is known.</param>
    public static ErrorCode For(this ErrorCode error, short version, short firstVersion) =>
        error == ErrorCode.ProducerFenced && version < firstVersion ? ErrorCode.InvalidProducerEpoch : error;
}
