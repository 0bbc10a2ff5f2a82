using System.Reflection;

namespace Streaming.Aggregator.Pipelines;

/// <summary>The pipelines of this application, found by their type and checked against each other.</summary>
public static class PipelineCatalog
{
    /// <summary>
    /// Every <see cref="IPipeline"/> of an assembly, by name: those of <paramref name="names"/> only, if any are given; else all but those of scenarios that are not
    /// among <paramref name="scenarios"/>.
    /// </summary>
    /// <exception cref="PipelineDefinitionException">A definition makes no sense.</exception>
    /// <exception cref="InvalidOperationException">Two definitions contradict each other, or a name is unknown.</exception>
    public static IReadOnlyList<PipelineDefinition> Find(Assembly assembly, IReadOnlyCollection<string>? names = null, IReadOnlySet<string>? scenarios = null)
    {
        var found = assembly.GetTypes()
            .Where(type => type is { IsAbstract: false, IsInterface: false } && type.IsAssignableTo(typeof(IPipeline)))
            .Select(type => (Scenario: type.GetCustomAttribute<ScenarioAttribute>()?.Name, Pipeline: Define(type)))
            .OrderBy(found => found.Pipeline.Name, StringComparer.Ordinal).ToList();
        var all = found.ConvertAll(found => found.Pipeline);
        Check(all);
        if (names is not { Count: > 0 })
        {
            return [.. found.Where(found => found.Scenario is null || scenarios?.Contains(found.Scenario) != false).Select(found => found.Pipeline)];
        }

        var unknown = names.Except(all.Select(pipeline => pipeline.Name)).ToList();
        return unknown.Count == 0
            ? all.FindAll(pipeline => names.Contains(pipeline.Name))
            : throw new InvalidOperationException(
                $"{AggregatorOptions.Section}:{nameof(AggregatorOptions.Pipelines)} names '{unknown[0]}'; there are: {string.Join(", ", all.Select(pipeline => pipeline.Name))}.");
    }

    /// <summary>Refuses two pipelines of a name, and a topic that two of them write, or that one writes and reads.</summary>
    /// <exception cref="InvalidOperationException">The message names both pipelines and the topic.</exception>
    public static void Check(IReadOnlyList<PipelineDefinition> pipelines)
    {
        if (pipelines.GroupBy(pipeline => pipeline.Name).FirstOrDefault(name => name.Count() > 1) is { } twice)
        {
            throw new InvalidOperationException($"Two pipelines have the name '{twice.Key}'.");
        }

        var writers = new Dictionary<string, PipelineDefinition>();
        foreach (var (pipeline, topic) in pipelines.SelectMany(pipeline => pipeline.WrittenTopics.Select(topic => (pipeline, topic))))
        {
            if (!writers.TryAdd(topic.Name, pipeline))
            {
                throw new InvalidOperationException($"The pipelines '{writers[topic.Name].Name}' and '{pipeline.Name}' both write the topic '{topic.Name}'.");
            }
        }
    }

    private static PipelineDefinition Define(Type type)
    {
        try
        {
            return (PipelineDefinition)type.GetMethod(nameof(IPipeline.Define), BindingFlags.Public | BindingFlags.Static, [])!.Invoke(null, null)!;
        }
        catch (TargetInvocationException e) when (e.InnerException is PipelineDefinitionException wrong)
        {
            throw wrong;
        }
    }
}
