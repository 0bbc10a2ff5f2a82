using System.Net;
using Microsoft.Extensions.Logging;
using Streaming.Embedded.Kafka.Protocol;

namespace Streaming.Embedded.Kafka;

/// <summary>What the broker logs outside of its storage. Event ids 4000 to 4099.</summary>
internal static partial class Log
{
    [LoggerMessage(4000, LogLevel.Information, "Listening on {Address}; {Topics} topics in {Folder}; cluster id {ClusterId}")]
    public static partial void Listening(ILogger logger, string address, int topics, string folder, string clusterId);

    [LoggerMessage(4001, LogLevel.Information, "Stopped listening on {Address}; {Connections} connections ended")]
    public static partial void Stopped(ILogger logger, string address, int connections);

    [LoggerMessage(4002, LogLevel.Warning, "A connection could not be accepted")]
    public static partial void AcceptFailed(ILogger logger, Exception error);

    [LoggerMessage(4003, LogLevel.Warning, "Connection from {Client} closed at once: {Limit} connections are open, as many as allowed")]
    public static partial void TooManyConnections(ILogger logger, EndPoint? client, int limit);

    [LoggerMessage(4004, LogLevel.Debug, "Connection from {Client} opened")]
    public static partial void ConnectionOpened(ILogger logger, EndPoint client);

    [LoggerMessage(4005, LogLevel.Debug, "Connection from {Client} closed")]
    public static partial void ConnectionClosed(ILogger logger, EndPoint client);

    [LoggerMessage(4006, LogLevel.Warning, "Connection from {Client} closed: {Problem}")]
    public static partial void MalformedRequest(ILogger logger, EndPoint client, string problem);

    [LoggerMessage(4007, LogLevel.Warning, "Connection from {Client} closed: {ApiKey} version {Version} is not spoken here")]
    public static partial void UnsupportedRequest(ILogger logger, EndPoint client, ApiKey apiKey, short version);

    [LoggerMessage(4008, LogLevel.Error, "Connection from {Client} closed: a request failed")]
    public static partial void RequestFailed(ILogger logger, EndPoint client, Exception error);

    [LoggerMessage(4009, LogLevel.Debug, "Connection from {Client} closed: nothing moved in time")]
    public static partial void ConnectionTimedOut(ILogger logger, EndPoint client);

    [LoggerMessage(4010, LogLevel.Warning, "Topic {Topic} was asked for with replication factor {ReplicationFactor}; this broker is alone and keeps one copy")]
    public static partial void ReplicationNotPossible(ILogger logger, string topic, short replicationFactor);

    [LoggerMessage(4012, LogLevel.Error, "The disk refused the committed offsets of group {Group}")]
    public static partial void OffsetsRefused(ILogger logger, string group, Exception error);

    [LoggerMessage(4011, LogLevel.Warning, "Committed offsets that nobody needs could not be removed; another attempt follows")]
    public static partial void OffsetsNotForgotten(ILogger logger, Exception error);

    [LoggerMessage(4013, LogLevel.Error, "The disk refused a change of transactional id {TransactionalId}")]
    public static partial void TransactionRefused(ILogger logger, string transactionalId, Exception error);

    [LoggerMessage(4014, LogLevel.Error, "The end of the transaction of {TransactionalId} could not be written everywhere; another attempt follows every second")]
    public static partial void TransactionStuck(ILogger logger, string transactionalId, Exception? error);

    [LoggerMessage(4015, LogLevel.Warning, "Transaction of {TransactionalId} (producer {ProducerId}, epoch {ProducerEpoch}) aborted after {Seconds} s: its time is up")]
    public static partial void TransactionTimedOut(ILogger logger, string transactionalId, long producerId, short producerEpoch, double seconds);

    [LoggerMessage(4016, LogLevel.Warning, "Transaction of producer {ProducerId} in {Topic}-{Partition} aborted: no transactional id has it under way")]
    public static partial void StrayTransaction(ILogger logger, long producerId, string topic, int partition);

    [LoggerMessage(4017, LogLevel.Warning, "TLS with {Client} failed: {Problem}")]
    public static partial void HandshakeFailed(ILogger logger, EndPoint client, string problem);

    [LoggerMessage(4018, LogLevel.Warning, "A client at {Address} gave a wrong user name or password")]
    public static partial void AuthenticationFailed(ILogger logger, IPAddress address);

    [LoggerMessage(4019, LogLevel.Warning, "Clients send their passwords in the clear: SASL is on and TLS is not")]
    public static partial void PasswordsInTheClear(ILogger logger);
}
