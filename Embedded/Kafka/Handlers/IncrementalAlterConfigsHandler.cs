using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;
using Streaming.Embedded.Kafka.Storage;
using static Streaming.Embedded.Kafka.Protocol.Messages.IncrementalAlterConfigsRequest;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Changes single settings of a topic.</summary>
internal sealed class IncrementalAlterConfigsHandler(ConfigChanges changes) : RequestHandler<IncrementalAlterConfigsRequest>
{
    protected override async ValueTask<IResponse?> HandleAsync(
        IncrementalAlterConfigsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var results = new List<AlterConfigsResponse.Result>(request.Changes.Count);
        foreach (var change in request.Changes)
        {
            results.Add(await changes.ApplyAsync(change.Resource, config => Apply(config, change.Steps), request.ValidateOnly, cancellationToken)
                .ConfigureAwait(false));
        }

        return new AlterConfigsResponse(results);
    }

    private static Dictionary<string, string> Apply(TopicConfig config, IReadOnlyList<Step> steps)
    {
        var settings = new Dictionary<string, string>(config.Raw, StringComparer.Ordinal);
        foreach (var step in steps)
        {
            switch (step.Operation)
            {
                case Operation.Set when step.Value is not null:
                    settings[step.Name] = step.Value;
                    break;
                case Operation.Delete:
                    settings.Remove(step.Name);
                    break;
                case Operation.Append or Operation.Subtract when step.Value is not null && IsList(step.Name):
                    settings[step.Name] = ChangeList(settings.GetValueOrDefault(step.Name) ?? config.Effective[step.Name], step);
                    break;
                default:
                    throw new TopicConfigException(step.Name, step.Value, $"operation {step.Operation} does not apply to it");
            }
        }

        return settings;
    }

    private static bool IsList(string name) => TopicConfigKeys.All.Any(key => key.Name == name && key.Type == TopicConfigType.List);

    private static string ChangeList(string present, Step step)
    {
        var named = step.Value!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var items = present.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return string.Join(',', step.Operation == Operation.Append ? items.Union(named) : items.Except(named));
    }
}
