using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Streaming.Contracts.Kafka;
using Streaming.Producer.Records;

namespace Streaming.Producer.Import.Sending;

/// <summary>The topic that an import goes to.</summary>
internal static class ImportTopic
{
    private const short BrokersDefaultReplication = -1;

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Asks for the topic; creates it when it is missing and <paramref name="createPartitions"/> says so.</summary>
    /// <exception cref="ImportException">The topic is not there, or the cluster does not answer, or it refuses.</exception>
    public static async Task<TopicFacts> AskAsync(ClientConfig client, string topic, int? createPartitions, CancellationToken cancellationToken)
    {
        await using var connection = new AdminConnection(() => ImportClient.Build(
            new AdminClientBuilder(KafkaTopics.AdminConfig(client)).SetLogHandler((_, _) => { /* What fails is told once, as an error. */ }).Build));
        try
        {
            return await connection.AskAsync((admin, ending) => AskAsync(admin, topic, createPartitions, ending), cancellationToken).ConfigureAwait(false);
        }
        catch (KafkaException exception)
        {
            throw new ImportException($"Kafka at {client.BootstrapServers} does not answer as it should: {exception.Error.Reason}", exception);
        }
    }

    private static async Task<TopicFacts> AskAsync(IAdminClient admin, string topic, int? createPartitions, CancellationToken cancellationToken)
    {
        if (await TopicFacts.FindAsync(admin, topic, cancellationToken).ConfigureAwait(false) is { } facts)
        {
            return facts;
        }

        if (createPartitions is not { } partitions)
        {
            throw new ImportException($"there is no topic '{topic}'; --create --partitions N creates it");
        }

        cancellationToken.ThrowIfCancellationRequested();
        await CreateAsync(admin, topic, partitions).ConfigureAwait(false);
        return await TopicFacts.FindAsync(admin, topic, cancellationToken).ConfigureAwait(false) ?? new TopicFacts(partitions, null, null);
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
}
