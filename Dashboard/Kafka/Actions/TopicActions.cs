using Confluent.Kafka;
using Streaming.Cluster;

namespace Streaming.Dashboard.Kafka.Actions;

/// <summary>
/// Does what the forms of the pages about Kafka ask for, with the means of the tool <c>Topics</c>. Answers with the address of the page that says what became of it.
/// </summary>
internal sealed partial class TopicActions(SharedCluster cluster, ActionOutcomes outcomes, TimeProvider time, ILogger<TopicActions> logger)
{
    private const string TopicsPage = "/topics";

    public async Task<string> CreateAsync(CreateTopicForm form, CancellationToken cancellationToken)
    {
        if (!form.TryRead(out var topic, out var problem))
        {
            return Refused(TopicsPage, problem, form.Fields());
        }

        return await TryAsync(TopicsPage, form.Fields(), async lease =>
        {
            await lease.TopicEditor.CreateAsync(topic, cancellationToken);
            LogCreated(logger, topic.Name);
            return outcomes.At(PageOf(topic.Name), ActionOutcome.Done($"Topic '{topic.Name}' was created."));
        });
    }

    public async Task<string> DeleteAsync(DeleteTopicForm form, CancellationToken cancellationToken)
    {
        var page = TopicName.IsPossible(form.Name) ? PageOf(form.Name) : TopicsPage;
        if (form.Problem() is { } problem)
        {
            return Refused(page, problem, new Dictionary<string, string>());
        }

        return await TryAsync(page, new Dictionary<string, string>(), async lease =>
        {
            await lease.TopicEditor.DeleteAsync(form.Name, cancellationToken);
            LogDeleted(logger, form.Name);
            return outcomes.At(TopicsPage, ActionOutcome.Done($"Topic '{form.Name}' was deleted, with all its records."));
        });
    }

    public async Task<string> ResetAsync(ResetGroupForm form, CancellationToken cancellationToken)
    {
        var page = form.Group.Length == 0 ? "/groups" : "/groups/" + Uri.EscapeDataString(form.Group);
        if (!form.TryRead(time.GetUtcNow(), out var target, out var problem))
        {
            return Refused(page, problem, form.Fields());
        }

        return await TryAsync(page, form.Fields(), async lease =>
        {
            var partitions = form.Topic.Length == 0 ? []
                : (await lease.Topics.GetAsync(form.Topic, cancellationToken)).Partitions.Select(partition => new TopicPartition(form.Topic, partition.Partition)).ToList();
            var steps = await lease.GroupEditor.PlanAsync(form.Group, partitions, target, cancellationToken);
            if (!form.IsToBeDone)
            {
                return outcomes.At(page, new ActionOutcome(true, $"Group '{form.Group}' would be moved like this. Nothing was changed yet.", form.Fields(), steps));
            }

            await lease.GroupEditor.ExecuteAsync(form.Group, steps, cancellationToken);
            LogMoved(logger, form.Group, steps.Length);
            return outcomes.At(page, ActionOutcome.Done($"Group '{form.Group}' was moved.") with { Steps = steps });
        });
    }

    /// <summary>What the cluster will not do, or cannot do now, is an answer too.</summary>
    private async Task<string> TryAsync(string page, IReadOnlyDictionary<string, string> fields, Func<SharedCluster.Lease, Task<string>> action)
    {
        if (!cluster.IsConfigured)
        {
            return Refused(page, "No Kafka is configured: ConnectionStrings:kafka names none.", fields);
        }

        try
        {
            using var lease = cluster.Rent();
            return await action(lease);
        }
        catch (ClusterException exception)
        {
            LogRefused(logger, exception);
            return Refused(page, exception.Message, fields);
        }
    }

    private string Refused(string page, string why, IReadOnlyDictionary<string, string> fields) => outcomes.At(page, ActionOutcome.Refused(why, fields));

    private static string PageOf(string topic) => $"{TopicsPage}/{topic}";

    [LoggerMessage(3074, LogLevel.Information, "Topic '{Topic}' was created from its page")]
    private static partial void LogCreated(ILogger logger, string topic);

    [LoggerMessage(3075, LogLevel.Warning, "Topic '{Topic}' was deleted from its page")]
    private static partial void LogDeleted(ILogger logger, string topic);

    [LoggerMessage(3076, LogLevel.Warning, "The offsets of group '{Group}' were moved from its page, in {Partitions} partitions")]
    private static partial void LogMoved(ILogger logger, string group, int partitions);

    [LoggerMessage(3077, LogLevel.Warning, "What a page asked for was not done")]
    private static partial void LogRefused(ILogger logger, Exception exception);
}
