using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Streaming.Cluster;

/// <summary>A topic to be created; null leaves a number to the cluster.</summary>
public sealed record NewTopic(string Name, int? Partitions, short? Replication, IReadOnlyDictionary<string, string> Settings);

/// <summary>Creates and deletes topics.</summary>
public sealed class TopicEditor(ClusterConnection cluster)
{
    private const int BrokersDefault = -1;

    /// <exception cref="ClusterException">It exists already, is not allowed, or the cluster cannot be reached; the message says which.</exception>
    public async Task CreateAsync(NewTopic topic, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topic);
        var what = $"Create topic '{topic.Name}'";
        var specification = new TopicSpecification
        {
            Name = topic.Name,
            NumPartitions = topic.Partitions ?? BrokersDefault,
            ReplicationFactor = topic.Replication ?? BrokersDefault,
            Configs = topic.Settings.ToDictionary(pair => pair.Key, pair => pair.Value),
        };
        var options = new CreateTopicsOptions { RequestTimeout = cluster.RequestTimeout, OperationTimeout = cluster.RequestTimeout };
        await AnsweredAsync(what, async admin =>
        {
            try
            {
                await admin.CreateTopicsAsync([specification], options).ConfigureAwait(false);
                return null;
            }
            catch (CreateTopicsException exception)
            {
                return exception.Results.Single().Error;
            }
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <exception cref="ClusterException">There is none, it is not allowed, or the cluster cannot be reached.</exception>
    public Task DeleteAsync(string topic, CancellationToken cancellationToken)
    {
        var options = new DeleteTopicsOptions { RequestTimeout = cluster.RequestTimeout, OperationTimeout = cluster.RequestTimeout };
        return AnsweredAsync($"Delete topic '{topic}'", async admin =>
        {
            try
            {
                await admin.DeleteTopicsAsync([topic], options).ConfigureAwait(false);
                return null;
            }
            catch (DeleteTopicsException exception)
            {
                return exception.Results.Single().Error;
            }
        }, cancellationToken);
    }

    private async Task AnsweredAsync(string what, Func<IAdminClient, Task<Error?>> question, CancellationToken cancellationToken)
    {
        if (await cluster.AskAsync(what, question, cancellationToken).ConfigureAwait(false) is { IsError: true } error)
        {
            throw cluster.Failed(what, error);
        }
    }
}
