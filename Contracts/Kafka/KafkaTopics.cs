using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;

namespace Streaming.Contracts.Kafka;

/// <summary>
/// Creates the declared topics on a cluster. This file is compiled into the services that need it (<c>Compile Include</c>), so that
/// Contracts itself stays free of a Kafka client.
/// </summary>
internal static partial class KafkaTopics
{
    private const string TimestampTypeKey = "message.timestamp.type";
    private const short BrokersDefaultReplication = -1;

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Creates what is missing of <paramref name="topics"/>, whoever else does so at the same time; what exists is compared and a difference
    /// logged, never altered. Waits, with a log line for each attempt, while no broker can be reached, until <paramref name="cancellationToken"/>.
    /// </summary>
    /// <exception cref="KafkaException">The cluster refuses (authorization, policy, an invalid declaration); trying again would not help.</exception>
    public static async Task EnsureAsync(
        ClientConfig client, IReadOnlyCollection<TopicDeclaration> topics, ILogger logger, CancellationToken cancellationToken)
    {
        await using var connection = new AdminConnection(() => new AdminClientBuilder(AdminConfig(client))
            .SetLogHandler((_, message) => ClientLine(logger, message.Message))
            .SetErrorHandler((_, error) => ClientLine(logger, error.Reason))
            .Build());
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await connection.AskAsync((admin, ending) => TryEnsureAsync(admin, topics, logger, ending), cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (KafkaException exception) when (MayPass(exception))
            {
                WaitingForBroker(logger, client.BootstrapServers, Reason(exception), pause.TotalSeconds);
                await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task<bool> TryEnsureAsync(IAdminClient admin, IReadOnlyCollection<TopicDeclaration> topics, ILogger logger, CancellationToken cancellationToken)
    {
        var existing = await DescribeAsync(admin, topics).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        var missing = topics.Where(topic => !existing.ContainsKey(topic.Name)).ToList();
        if (missing.Count > 0)
        {
            await CreateAsync(admin, missing, logger).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }

        var present = topics.Except(missing).ToList();
        foreach (var topic in present.Where(topic => existing[topic.Name] != topic.Partitions))
        {
            Differs(logger, topic.Name, "partitions", existing[topic.Name].ToString(CultureInfo.InvariantCulture),
                topic.Partitions.ToString(CultureInfo.InvariantCulture));
        }

        if (present.Count > 0)
        {
            await CompareTimestampTypesAsync(admin, present, logger).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>The number of partitions of each topic that exists.</summary>
    private static async Task<Dictionary<string, int>> DescribeAsync(IAdminClient admin, IEnumerable<TopicDeclaration> topics)
    {
        var names = TopicCollection.OfTopicNames(topics.Select(topic => topic.Name));
        List<TopicDescription> descriptions;
        try
        {
            var result = await admin.DescribeTopicsAsync(names, new DescribeTopicsOptions { RequestTimeout = RequestTimeout }).ConfigureAwait(false);
            descriptions = result.TopicDescriptions;
        }
        catch (DescribeTopicsException exception)
        {
            // Thrown as soon as one topic has an error; the others' answers are in it.
            descriptions = exception.Results.TopicDescriptions;
        }

        foreach (var failed in descriptions.Where(topic => topic.Error.IsError && topic.Error.Code != ErrorCode.UnknownTopicOrPart))
        {
            throw new KafkaException(new Error(failed.Error.Code, $"Topic '{failed.Name}': {failed.Error.Reason}"));
        }

        return descriptions.Where(topic => !topic.Error.IsError).ToDictionary(topic => topic.Name, topic => topic.Partitions.Count);
    }

    private static async Task CreateAsync(IAdminClient admin, List<TopicDeclaration> topics, ILogger logger)
    {
        var specifications = topics.Select(topic => new TopicSpecification
        {
            Name = topic.Name,
            NumPartitions = topic.Partitions,
            ReplicationFactor = BrokersDefaultReplication,
            Configs = topic.Configuration().ToDictionary(pair => pair.Key, pair => pair.Value),
        });
        var options = new CreateTopicsOptions { RequestTimeout = RequestTimeout, OperationTimeout = RequestTimeout };
        List<CreateTopicReport> reports = [];
        try
        {
            await admin.CreateTopicsAsync(specifications, options).ConfigureAwait(false);
        }
        catch (CreateTopicsException exception)
        {
            reports = exception.Results;
        }

        var failures = reports.Where(report => report.Error.IsError).ToDictionary(report => report.Topic, report => report.Error);
        foreach (var topic in topics.Where(topic => !failures.ContainsKey(topic.Name)))
        {
            Created(logger, topic.Name, topic.Partitions);
        }

        // Another service may have been faster.
        foreach (var (name, error) in failures.Where(failure => failure.Value.Code != ErrorCode.TopicAlreadyExists))
        {
            throw new KafkaException(new Error(error.Code, $"Topic '{name}' cannot be created: {error.Reason}"));
        }
    }

    private static async Task CompareTimestampTypesAsync(IAdminClient admin, IReadOnlyList<TopicDeclaration> topics, ILogger logger)
    {
        var resources = topics.Select(topic => new ConfigResource { Type = ResourceType.Topic, Name = topic.Name });
        List<DescribeConfigsResult> results;
        try
        {
            results = await admin.DescribeConfigsAsync(resources, new DescribeConfigsOptions { RequestTimeout = RequestTimeout }).ConfigureAwait(false);
        }
        catch (KafkaException exception) when (!MayPass(exception))
        {
            // Describing needs a right of its own, without which the topics still serve.
            NotCompared(logger, Reason(exception));
            return;
        }

        foreach (var (topic, result) in topics.Join(results, topic => topic.Name, result => result.ConfigResource.Name, (topic, result) => (topic, result)))
        {
            var declared = topic.Configuration()[TimestampTypeKey];
            if (result.Entries.TryGetValue(TimestampTypeKey, out var entry) && entry.Value != declared)
            {
                Differs(logger, topic.Name, TimestampTypeKey, entry.Value, declared);
            }
        }
    }

    /// <summary>
    /// A configuration for an administrative client on the cluster of <paramref name="client"/>. The .NET client's own properties of producers
    /// and consumers are left out (an administrative client refuses them), librdkafka's stay: it passes over what does not concern it.
    /// </summary>
    public static AdminClientConfig AdminConfig(ClientConfig client) =>
        new(client.Where(pair => !pair.Key.StartsWith("dotnet.", StringComparison.Ordinal)).ToDictionary(pair => pair.Key, pair => pair.Value))
        {
            StatisticsIntervalMs = 0,
            ReconnectBackoffMaxMs = client.ReconnectBackoffMaxMs ?? (int)FirstPause.TotalMilliseconds * 4,
        };

    private static bool MayPass(KafkaException exception) => Codes(exception).Any(code => code is
        ErrorCode.Local_Transport or ErrorCode.Local_TimedOut or ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Resolve
        or ErrorCode.Local_WaitCoord or ErrorCode.RequestTimedOut or ErrorCode.NetworkException or ErrorCode.NotController
        or ErrorCode.LeaderNotAvailable or ErrorCode.BrokerNotAvailable or ErrorCode.InvalidReplicationFactor);

    private static IEnumerable<ErrorCode> Codes(KafkaException exception) => exception switch
    {
        DescribeConfigsException configs => configs.Results.Select(report => report.Error.Code).Append(exception.Error.Code),
        _ => [exception.Error.Code],
    };

    private static string Reason(KafkaException exception) => exception is DescribeConfigsException configs
        ? configs.Results.FirstOrDefault(report => report.Error.IsError)?.Error.Reason ?? exception.Error.Reason
        : exception.Error.Reason;

    [LoggerMessage(EventId = 7101, Level = LogLevel.Information, Message = "Created topic {Topic} with {Partitions} partitions.")]
    private static partial void Created(ILogger logger, string topic, int partitions);

    [LoggerMessage(EventId = 7102, Level = LogLevel.Warning,
        Message = "Topic {Topic} exists with {Setting} = {Found}, declared is {Declared}. It is left as it is.")]
    private static partial void Differs(ILogger logger, string topic, string setting, string found, string declared);

    [LoggerMessage(EventId = 7103, Level = LogLevel.Warning, Message = "The topics' configuration could not be compared with what is declared: {Reason}")]
    private static partial void NotCompared(ILogger logger, string reason);

    [LoggerMessage(EventId = 7104, Level = LogLevel.Warning, Message = "Waiting for Kafka at {Servers} to create the topics: {Reason}; next attempt in {Seconds} s.")]
    private static partial void WaitingForBroker(ILogger logger, string? servers, string reason, double seconds);

    [LoggerMessage(EventId = 7105, Level = LogLevel.Debug, Message = "Topic creation: {Text}")]
    private static partial void ClientLine(ILogger logger, string text);
}
