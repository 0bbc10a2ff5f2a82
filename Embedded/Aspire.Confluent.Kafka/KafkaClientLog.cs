using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Confluent.Kafka;

/// <summary>Carries librdkafka's own log lines into the application's log, each at its own level.</summary>
internal static partial class KafkaClientLog
{
    public static ILogger Create(IServiceProvider services) =>
        services.GetRequiredService<ILoggerFactory>().CreateLogger(KafkaClientRules.LogCategory);

    public static void Write(ILogger logger, LogMessage message)
    {
        var level = (LogLevel)message.LevelAs(LogLevelType.MicrosoftExtensionsLogging);
        ClientLine(logger, level, message.Facility, message.Message);
    }

    [LoggerMessage(EventId = 6500, Message = "{Facility}: {Text}")]
    private static partial void ClientLine(ILogger logger, LogLevel level, string facility, string text);

    [LoggerMessage(EventId = 6502, Level = LogLevel.Debug, Message = "Health check: {Text}")]
    public static partial void WriteDebug(ILogger logger, string text);

    [LoggerMessage(EventId = 6501, Level = LogLevel.Warning, Message = "A log handler is already set; librdkafka's log lines go there only.")]
    public static partial void HandlerTaken(ILogger logger);
}
