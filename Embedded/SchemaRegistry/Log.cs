namespace Streaming.Embedded.SchemaRegistry;

/// <summary>What the registry logs. Event ids 8000 to 8099.</summary>
internal static partial class Log
{
    [LoggerMessage(8000, LogLevel.Information, "Listening on {Address}; {Subjects} subjects, last id {LastId}, kept in topic {Topic}")]
    public static partial void Listening(ILogger logger, string address, int subjects, int lastId, string topic);

    [LoggerMessage(8001, LogLevel.Information, "Subject {Subject} has schema {Id}")]
    public static partial void Registered(ILogger logger, string subject, int id);

    [LoggerMessage(8002, LogLevel.Warning, "Topic {Topic} cannot be used: {Reason}; next attempt in {Seconds} s")]
    public static partial void StoreAway(ILogger logger, string topic, string reason, double seconds);

    [LoggerMessage(8003, LogLevel.Information, "Topic {Topic} can be used again: {Subjects} subjects, last id {LastId}")]
    public static partial void StoreBack(ILogger logger, string topic, int subjects, int lastId);

    [LoggerMessage(8004, LogLevel.Warning, "The record at offset {Offset} of topic {Topic} is none of a registry's and says nothing here: {Reason}")]
    public static partial void StrangeRecord(ILogger logger, long offset, string topic, string reason);

    [LoggerMessage(8005, LogLevel.Critical, "Another registry writes topic {Topic} now; this one stops")]
    public static partial void TakenOver(ILogger logger, string topic);

    [LoggerMessage(8006, LogLevel.Debug, "Kafka client: {Text}")]
    public static partial void ClientLine(ILogger logger, string text);

    [LoggerMessage(8007, LogLevel.Error, "A request failed")]
    public static partial void RequestFailed(ILogger logger, Exception error);
}
