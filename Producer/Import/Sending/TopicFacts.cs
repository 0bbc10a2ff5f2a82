using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Streaming.Contracts.Kafka;

namespace Streaming.Producer.Import.Sending;

/// <summary>What an import has to know of its topic.</summary>
/// <param name="Partitions">The number of partitions.</param>
/// <param name="LargestBatch">The most bytes that the topic takes in one batch (<c>max.message.bytes</c>); null when the cluster does not tell.</param>
/// <param name="DeletesOlderThan">Records whose own timestamp is older are deleted soon after they came; null when age is counted from when they came, or not at all.</param>
public sealed record TopicFacts(int Partitions, int? LargestBatch, TimeSpan? DeletesOlderThan)
{
    /// <summary>What is around a record: the batch's header, lengths, attributes, in bytes; generous.</summary>
    public const int Overhead = 512;

    private const short BrokersDefaultReplication = -1;

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The largest key and value together that the topic takes, in bytes.</summary>
    public int LargestRecord => Math.Max(Overhead, (LargestBatch ?? ImportOptions.UsualRecordBytes + Overhead) - Overhead);

    /// <summary>Asks the cluster; creates the topic when it is missing and <paramref name="createPartitions"/> says so.</summary>
    /// <exception cref="ImportException">The topic is not there, or the cluster does not answer, or it refuses.</exception>
    public static async Task<TopicFacts> AskAsync(ClientConfig client, string topic, int? createPartitions, CancellationToken cancellationToken)
    {
        using var admin = ImportClient.Build(
            new AdminClientBuilder(KafkaTopics.AdminConfig(client)).SetLogHandler((_, _) => { /* What fails is told once, as an error. */ }).Build);
        try
        {
            return await AskAsync(admin, topic, createPartitions).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (KafkaException exception)
        {
            throw new ImportException($"Kafka at {client.BootstrapServers} does not answer as it should: {exception.Error.Reason}", exception);
        }
    }

    private static async Task<TopicFacts> AskAsync(IAdminClient admin, string topic, int? createPartitions)
    {
        var partitions = await PartitionsAsync(admin, topic).ConfigureAwait(false);
        if (partitions is null)
        {
            if (createPartitions is not { } number)
            {
                throw new ImportException($"there is no topic '{topic}'; --create --partitions N creates it");
            }

            await CreateAsync(admin, topic, number).ConfigureAwait(false);
            partitions = number;
        }

        var configuration = await ConfigurationAsync(admin, topic).ConfigureAwait(false);
        return new TopicFacts(partitions.Value, (int?)Number(configuration, "max.message.bytes"), Retention(configuration));
    }

    private static async Task<int?> PartitionsAsync(IAdminClient admin, string topic)
    {
        TopicDescription description;
        try
        {
            var answer = await admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]), new DescribeTopicsOptions { RequestTimeout = RequestTimeout }).ConfigureAwait(false);
            description = answer.TopicDescriptions.Single();
        }
        catch (DescribeTopicsException exception)
        {
            description = exception.Results.TopicDescriptions.Single();
        }

        return description.Error.Code switch
        {
            ErrorCode.NoError => description.Partitions.Count,
            ErrorCode.UnknownTopicOrPart => null,
            _ => throw new KafkaException(description.Error),
        };
    }

    /// <summary>The broker stamps the records, so that none is deleted for the age of its event, and so that the Aggregator can tell times of the future.</summary>
    private static async Task CreateAsync(IAdminClient admin, string topic, int partitions)
    {
        var specification = new TopicSpecification
        {
            Name = topic,
            NumPartitions = partitions,
            ReplicationFactor = BrokersDefaultReplication,
            Configs = new Dictionary<string, string> { ["message.timestamp.type"] = "LogAppendTime" },
        };
        try
        {
            await admin.CreateTopicsAsync([specification], new CreateTopicsOptions { RequestTimeout = RequestTimeout, OperationTimeout = RequestTimeout }).ConfigureAwait(false);
        }
        catch (CreateTopicsException exception)
        {
            throw new ImportException($"topic '{topic}' cannot be created: {exception.Results.Single().Error.Reason}", exception);
        }
    }

    private static async Task<Dictionary<string, ConfigEntryResult>?> ConfigurationAsync(IAdminClient admin, string topic)
    {
        try
        {
            var resource = new ConfigResource { Type = ResourceType.Topic, Name = topic };
            var answer = await admin.DescribeConfigsAsync([resource], new DescribeConfigsOptions { RequestTimeout = RequestTimeout }).ConfigureAwait(false);
            return answer.Single().Entries;
        }
        catch (DescribeConfigsException)
        {
            // Describing needs a right of its own, without which the topic still takes records.
            return null;
        }
    }

    private static TimeSpan? Retention(Dictionary<string, ConfigEntryResult>? configuration) =>
        Value(configuration, "message.timestamp.type") == "CreateTime"
        && Value(configuration, "cleanup.policy")?.Contains("delete", StringComparison.Ordinal) == true
        && Number(configuration, "retention.ms") is >= 0 and var ms && ms < TimeSpan.MaxValue.TotalMilliseconds
            ? TimeSpan.FromMilliseconds(ms)
            : null;

    private static string? Value(Dictionary<string, ConfigEntryResult>? configuration, string key) => configuration?.GetValueOrDefault(key)?.Value;

    private static long? Number(Dictionary<string, ConfigEntryResult>? configuration, string key) =>
        long.TryParse(Value(configuration, key), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
