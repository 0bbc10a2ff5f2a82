using System.Buffers.Binary;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Streaming.Contracts.Kafka;

namespace Streaming.Aggregator.Consuming;

/// <summary>Kafka's ids of topics: what tells a topic from one that was created anew under its name.</summary>
public interface ITopicIdentity
{
    /// <summary>The topic's id now; null when there is no such topic.</summary>
    /// <exception cref="KafkaException">The broker is away or refuses.</exception>
    /// <exception cref="UnsupportedBrokerException">The broker gives topics no ids.</exception>
    Task<Guid?> FindAsync(string topic, CancellationToken cancellationToken);
}

/// <summary>The broker lacks something that the results depend on. No retry helps.</summary>
public sealed class UnsupportedBrokerException(string message) : Exception(message);

/// <summary>Asks the broker, over the connection that the process's pipelines share.</summary>
internal sealed class TopicIdentity(AdminConnection connection) : ITopicIdentity
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    public async Task<Guid?> FindAsync(string topic, CancellationToken cancellationToken)
    {
        var description = await connection.AskAsync((admin, _) => DescribeAsync(admin, topic), cancellationToken);
        if (description.Error.Code == ErrorCode.UnknownTopicOrPart)
        {
            return null;
        }

        if (description.Error.IsError)
        {
            throw new KafkaException(description.Error);
        }

        var id = ToGuid(description.TopicId);
        return id == Guid.Empty
            ? throw new UnsupportedBrokerException(
                $"The broker gives topic '{topic}' no id (Metadata v10 or DescribeTopicPartitions, Apache Kafka 2.8 or newer): a topic that is deleted and created anew could not be told from the old one.")
            : id;
    }

    private static async Task<TopicDescription> DescribeAsync(IAdminClient admin, string topic)
    {
        try
        {
            var result = await admin.DescribeTopicsAsync(
                TopicCollection.OfTopicNames([topic]), new DescribeTopicsOptions { RequestTimeout = RequestTimeout });
            return result.TopicDescriptions.Single();
        }
        catch (DescribeTopicsException e) when (e.Results.TopicDescriptions is [var description])
        {
            return description;
        }
    }

    private static Guid ToGuid(Uuid? id)
    {
        if (id is null)
        {
            return Guid.Empty;
        }

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, id.MostSignificantBits);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], id.LeastSignificantBits);
        return new Guid(bytes, bigEndian: true);
    }
}
