using System.Collections.Immutable;
using Streaming.Contracts.Pipelines;
using Streaming.Contracts.Windows;

namespace Streaming.Dashboard.Topology;

/// <summary>Draws up the graph of a pipeline from the definition that the Aggregator runs. Pure.</summary>
public static class TopologyBuilder
{
    private const string Stage = "stage";
    private const string Windows = "windows";

    /// <summary>The graph. A definition with steps that this version does not know is drawn without them.</summary>
    public static TopologyGraph Of(PipelineDescription description)
    {
        var parts = DefinitionParts.Of(description);
        var nodes = ImmutableArray.CreateBuilder<TopologyNode>();
        var edges = ImmutableArray.CreateBuilder<TopologyEdge>();
        nodes.Add(new TopologyNode("source", TopologyKind.Topic, parts.First, "source topic", 0, 0));
        var column = parts.HasStage ? AddStage(parts, nodes, edges) : 0;
        edges.Add(new TopologyEdge(parts.HasStage ? "through" : "source", Windows, Flow.Read));
        nodes.Add(new TopologyNode(Windows, TopologyKind.Windows, $"windows by {description.Key}", string.Join(" · ", description.Windows.Select(window => window.Name)), column + 1, 0));
        AddOutputs(parts, column + 2, nodes, edges);
        return new TopologyGraph(nodes.ToImmutable(), edges.ToImmutable());
    }

    /// <summary>The stage, what it joins with, what it publishes, what it passes over. Returns the column of the topic that it publishes.</summary>
    private static int AddStage(DefinitionParts parts, ImmutableArray<TopologyNode>.Builder nodes, ImmutableArray<TopologyEdge>.Builder edges)
    {
        nodes.Add(new TopologyNode(Stage, TopologyKind.Stage, "stage", string.Join(" → ", parts.StageKinds), 1, 0));
        nodes.Add(new TopologyNode("through", TopologyKind.Topic, parts.Through!, "published exactly once", 2, 0));
        edges.Add(new TopologyEdge("source", Stage, Flow.StageTaken));
        edges.Add(new TopologyEdge(Stage, "through", Flow.StagePublished));
        if (parts.Reference is { } reference)
        {
            nodes.Add(new TopologyNode("reference", TopologyKind.Reference, reference, "joined by key", 0, 1));
            edges.Add(new TopologyEdge("reference", Stage, Flow.NotCounted));
        }

        if (parts.StageFilters)
        {
            nodes.Add(new TopologyNode("stage-filtered", TopologyKind.Aside, "filtered", "counted, passed over", 2, 1));
            edges.Add(new TopologyEdge(Stage, "stage-filtered", Flow.StageFiltered));
        }

        return 2;
    }

    private static void AddOutputs(DefinitionParts parts, int column, ImmutableArray<TopologyNode>.Builder nodes, ImmutableArray<TopologyEdge>.Builder edges)
    {
        var row = 0;
        void Add(string id, TopologyKind kind, string? title, string note, Flow flow)
        {
            if (title is not null)
            {
                nodes.Add(new TopologyNode(id, kind, title, note, column, row++));
                edges.Add(new TopologyEdge(Windows, id, flow));
            }
        }

        Add("database", TopologyKind.Database, "PostgreSQL", "results and progress", Flow.Counted);
        Add("results", TopologyKind.Output, parts.Results, "closed windows", Flow.Closed);
        Add("alerts", TopologyKind.Output, parts.Alerts, parts.AlertRules == 1 ? "1 alert rule" : $"{parts.AlertRules} alert rules", Flow.Alerted);
        Add("filtered", TopologyKind.Aside, parts.WindowsFilter ? "filtered" : null, "counted, passed over", Flow.Filtered);
        Add("late", TopologyKind.Aside, parts.Late, "late events", Flow.Late);
        Add("dead-letter", TopologyKind.Aside, parts.DeadLetter, "rejected records", Flow.Rejected);
        if (parts.HasStage && parts.DeadLetter is not null)
        {
            edges.Add(new TopologyEdge(Stage, "dead-letter", Flow.StageRejected));
        }
    }

    /// <summary>What the steps of a definition say, by what they mean.</summary>
    private sealed record DefinitionParts(string First, string? Through, IReadOnlyList<PipelineStep> Before, IReadOnlyList<PipelineStep> After, IReadOnlyList<string> Outputs, int AlertRules)
    {
        public bool HasStage => Through is not null;

        public IEnumerable<string> StageKinds => Before.Select(step => step.Kind == "enrich" ? "join" : step.Kind).DefaultIfEmpty("copy");

        public string? Reference => Before.FirstOrDefault(step => step.Kind == "enrich")?.Text.Split(':')[0];

        public bool StageFilters => Before.Any(step => step.Kind == "filter");

        public bool WindowsFilter => After.Any(step => step.Kind == "filter");

        // The outputs' order is that of the Aggregator: results if there are any, late, dead letter, alerts if there are rules.
        public string? Alerts => AlertRules > 0 && Outputs.Count > 2 ? Outputs[^1] : null;

        public string? Results => Own.Count > 2 ? Own[0] : null;

        public string? Late => Own.Count > 1 ? Own[^2] : null;

        public string? DeadLetter => Own.Count > 0 ? Own[^1] : null;

        private IReadOnlyList<string> Own => Alerts is null ? Outputs : [.. Outputs.SkipLast(1)];

        public static DefinitionParts Of(PipelineDescription description)
        {
            var steps = description.Steps;
            var sources = steps.Select((step, at) => (step, at)).Where(s => s.step.Kind == "source").ToList();
            var hasStage = sources.Count > 1;
            var (first, last) = sources.Count == 0 ? (-1, -1) : (sources[0].at, sources[^1].at);
            return new DefinitionParts(
                sources.Count == 0 ? description.Source : sources[0].step.Text,
                hasStage ? sources[^1].step.Text : null,
                hasStage ? [.. steps.Skip(first + 1).Take(last - first - 1).Where(step => step.Kind is "filter" or "map" or "enrich")] : [],
                [.. steps.Skip(last + 1)],
                [.. steps.Where(step => step.Kind == "output").Select(step => step.Text)],
                steps.Count(step => step.Kind == "alert"));
        }
    }
}
