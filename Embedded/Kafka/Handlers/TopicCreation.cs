using Microsoft.Extensions.Logging;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>How topics come to be, by request or on first use.</summary>
internal sealed class TopicCreation(TopicStore store, BrokerOptions options, ILogger logger)
{
    private static readonly IReadOnlyDictionary<string, string> NoConfigs = new Dictionary<string, string>();

    /// <summary>What is told to whom wants more.</summary>
    public string NoRoom => $"The broker takes {options.MaxPartitions} partitions in all.";

    /// <summary>Whether the broker has room for so many more partitions.</summary>
    public bool HasRoomFor(int partitions) => store.Topics.Sum(static t => t.Partitions.Count) + (long)partitions <= options.MaxPartitions;

    public bool IsValidName(string name)
    {
        try
        {
            store.ValidateNew(name, 1, NoConfigs);
            return true;
        }
        catch (TopicExistsException)
        {
            return true;
        }
        catch (InvalidTopicException)
        {
            return false;
        }
    }

    /// <exception cref="InvalidTopicException">The name is not allowed, or there is no room.</exception>
    /// <exception cref="StorageUnavailableException">The disk refuses.</exception>
    public async Task<Topic> CreateOnUseAsync(string name, CancellationToken cancellationToken)
    {
        if (!HasRoomFor(options.DefaultPartitions))
        {
            throw new InvalidTopicException(NoRoom);
        }

        try
        {
            return await store.CreateAsync(name, options.DefaultPartitions, NoConfigs, cancellationToken).ConfigureAwait(false);
        }
        catch (TopicExistsException) when (store.TryGet(name, out _))
        {
            // Two clients asked at once.
            return store.TryGet(name, out var topic) ? topic : throw new InvalidTopicException($"Topic '{name}' is being deleted.");
        }
    }

    public async Task<CreateTopicsResponse.Topic> CreateAsync(CreateTopicsRequest.Topic wanted, bool validateOnly, CancellationToken cancellationToken)
    {
        var (error, message) = Check(wanted, out var partitions);
        if (error != ErrorCode.None)
        {
            return new CreateTopicsResponse.Topic(wanted.Name, error, message);
        }

        try
        {
            return await CreateCheckedAsync(wanted, partitions, validateOnly, cancellationToken).ConfigureAwait(false);
        }
        catch (TopicExistsException problem)
        {
            return new CreateTopicsResponse.Topic(wanted.Name, ErrorCode.TopicAlreadyExists, problem.Message);
        }
        catch (InvalidTopicException problem)
        {
            return new CreateTopicsResponse.Topic(wanted.Name, ErrorCode.InvalidTopicException, problem.Message);
        }
        catch (TopicConfigException problem)
        {
            return new CreateTopicsResponse.Topic(wanted.Name, ErrorCode.InvalidConfig, problem.Message);
        }
        catch (StorageUnavailableException problem)
        {
            return new CreateTopicsResponse.Topic(wanted.Name, ErrorCode.KafkaStorageError, problem.Message);
        }
    }

    private async Task<CreateTopicsResponse.Topic> CreateCheckedAsync(
        CreateTopicsRequest.Topic wanted, int partitions, bool validateOnly, CancellationToken cancellationToken)
    {
        // A null value asks for the default.
        var configs = wanted.Configs.Where(static c => c.Value is not null).GroupBy(static c => c.Key, StringComparer.Ordinal)
            .ToDictionary(static c => c.Key, static c => c.Last().Value!, StringComparer.Ordinal);
        if (validateOnly)
        {
            store.ValidateNew(wanted.Name, partitions, configs);
            return new CreateTopicsResponse.Topic(wanted.Name, ErrorCode.None, null, Guid.Empty, partitions);
        }

        var topic = await store.CreateAsync(wanted.Name, partitions, configs, cancellationToken).ConfigureAwait(false);
        if (wanted.ReplicationFactor > 1 || wanted.Assignments.Any(static a => a.Brokers.Count > 1))
        {
            Log.ReplicationNotPossible(logger, topic.Name, wanted.ReplicationFactor);
        }

        return new CreateTopicsResponse.Topic(topic.Name, ErrorCode.None, null, topic.Id, partitions, TopicConfigEntries.Of(topic.Config));
    }

    private (ErrorCode Error, string? Message) Check(CreateTopicsRequest.Topic wanted, out int partitions)
    {
        partitions = wanted.Assignments.Count > 0 ? wanted.Assignments.Count : wanted.Partitions == -1 ? options.DefaultPartitions : wanted.Partitions;
        if (wanted.Assignments.Count > 0 && (wanted.Partitions != -1 || wanted.ReplicationFactor != -1))
        {
            return (ErrorCode.InvalidRequest, "Give either replica assignments or numbers of partitions and replicas.");
        }

        if (wanted.Assignments.Count > 0 && !wanted.Assignments.Select(static a => a.Partition).Order().SequenceEqual(Enumerable.Range(0, partitions)))
        {
            return (ErrorCode.InvalidReplicaAssignment, "Partitions are to be numbered from 0 without a gap.");
        }

        if (partitions < 1 || partitions > options.MaxPartitionsPerTopic)
        {
            return (ErrorCode.InvalidPartitions, $"The number of partitions is {partitions}; allowed: 1 to {options.MaxPartitionsPerTopic}.");
        }

        if (!HasRoomFor(partitions))
        {
            return (ErrorCode.PolicyViolation, NoRoom);
        }

        return wanted.ReplicationFactor is 0 or < -1
            ? (ErrorCode.InvalidReplicationFactor, $"The replication factor is {wanted.ReplicationFactor}; it must be at least 1.")
            : (ErrorCode.None, null);
    }
}
