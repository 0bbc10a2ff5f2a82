namespace Streaming.Embedded.Kafka.Storage;

/// <summary>A topic: its identity never changes, its partitions only grow in number, its configuration is replaced as a whole.</summary>
public sealed class Topic
{
    private volatile IReadOnlyList<PartitionLog> _partitions;
    private volatile TopicConfig _config;

    internal Topic(string name, Guid id, TopicConfig config, IReadOnlyList<PartitionLog> partitions)
        => (Name, Id, _config, _partitions) = (name, id, config, partitions);

    /// <summary>The name, unique in the store.</summary>
    public string Name { get; }

    /// <summary>The id (KIP-516): another one each time that a topic of this name is created.</summary>
    public Guid Id { get; }

    /// <summary>The partitions by index. A list that was taken does not change.</summary>
    public IReadOnlyList<PartitionLog> Partitions => _partitions;

    /// <summary>The configuration in force.</summary>
    public TopicConfig Config => _config;

    internal void SetPartitions(IReadOnlyList<PartitionLog> partitions) => _partitions = partitions;

    internal void SetConfig(TopicConfig config)
    {
        _config = config;
        foreach (var partition in _partitions)
        {
            partition.SetConfig(config);
        }
    }
}
