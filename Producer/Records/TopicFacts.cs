using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Streaming.Producer.Records;

/// <summary>What one has to know of a topic to send records into it.</summary>
/// <param name="Partitions">The number of partitions.</param>
/// <param name="LargestBatch">The most bytes that the topic takes in one batch (<c>max.message.bytes</c>); null when the cluster does not tell.</param>
/// <param name="DeletesOlderThan">Records whose own timestamp is older are deleted soon after they came; null when age is counted from when they came, or not at all.</param>
public sealed record TopicFacts(int Partitions, int? LargestBatch, TimeSpan? DeletesOlderThan)
{
    /// <summary>What is around a record: the batch's header, lengths, attributes, in bytes; generous.</summary>
    public const int Overhead = 512;

    private const int KafkasDefault = 1024 * 1024;

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The largest key and value together that the topic takes, in bytes.</summary>
    public int LargestRecord => Math.Max(Overhead, (LargestBatch ?? KafkasDefault) - Overhead);

    /// <summary>Asks the cluster.</summary>
    /// <returns>The facts; null when there is no such topic.</returns>
    /// <exception cref="KafkaException">The cluster does not answer, or refuses to.</exception>
    public static async Task<TopicFacts?> FindAsync(IAdminClient admin, string topic, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(admin);
        if (await PartitionsAsync(admin, topic).ConfigureAwait(false) is not { } partitions)
        {
            return null;
        }

        cancellationToken.ThrowIfCancellationRequested();
        var configuration = await ConfigurationAsync(admin, topic).ConfigureAwait(false);
        return new TopicFacts(partitions, (int?)Number(configuration, "max.message.bytes"), Retention(configuration));
    }

    private static async Task<int?> PartitionsAsync(IAdminClient admin, string topic)
    {
        TopicDescription description;
        try
        {
            // Unlike a request for metadata, this never creates the topic.
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
