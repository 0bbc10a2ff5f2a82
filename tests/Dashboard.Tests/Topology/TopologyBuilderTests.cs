using Streaming.Contracts.Pipelines;
using Streaming.Dashboard.Components.Topology;
using Streaming.Dashboard.Tests.Pipelines;
using Streaming.Dashboard.Topology;

namespace Streaming.Dashboard.Tests.Topology;

public sealed class TopologyBuilderTests
{
    [Fact]
    public void A_pipeline_with_a_stage_runs_from_source_through_its_topic_to_its_outputs()
    {
        var graph = TopologyBuilder.Of(Staged);

        Assert.Equal(
            [
                "raw_weather > stage: StageTaken", "stage > processed_weather: StagePublished", "stage > filtered: StageFiltered", "processed_weather > windows by country: Read",
                "windows by country > PostgreSQL: Counted", "windows by country > alerts: Alerted", "windows by country > weather_late: Late",
                "windows by country > weather_dead_letter: Rejected", "stage > weather_dead_letter: StageRejected",
            ],
            Arrows(graph));
        Assert.Equal("map → filter", graph.Node("stage").Note);
        Assert.Equal("2 alert rules", graph.Node("alerts").Note);
    }

    [Fact]
    public void A_join_shows_the_topic_that_it_joins_with()
    {
        var graph = TopologyBuilder.Of(With(("source", "sales"), ("enrich", "stores: Join"), ("source", "sales-enriched"), ("key", "s => s.Country"), ("output", "x-late"), ("output", "x-dead-letter")));

        Assert.Contains("stores > stage: NotCounted", Arrows(graph));
        Assert.DoesNotContain(graph.Edges, edge => edge.Flow == Flow.StageFiltered);
    }

    [Fact]
    public void Without_a_stage_the_windows_read_the_source_and_filter_themselves()
    {
        var graph = TopologyBuilder.Of(With(
            ("source", "tweets"), ("map", "m"), ("filter", "f"), ("key", "k"), ("output", "results"), ("output", "tweets_late"), ("output", "tweets_dead_letter")));

        Assert.Equal(
            [
                "tweets > windows by country: Read", "windows by country > PostgreSQL: Counted", "windows by country > results: Closed",
                "windows by country > filtered: Filtered", "windows by country > tweets_late: Late", "windows by country > tweets_dead_letter: Rejected",
            ],
            Arrows(graph));
    }

    [Fact]
    public void A_definition_with_steps_that_nobody_knows_is_still_drawn()
    {
        Assert.Equal(["sales > windows by country: Read", "windows by country > PostgreSQL: Counted"], Arrows(TopologyBuilder.Of(With())));
        Assert.Equal(["sales > windows by country: Read", "windows by country > PostgreSQL: Counted"], Arrows(TopologyBuilder.Of(With(("teleport", "x"), ("alert", "y")))));
    }

    [Fact]
    public void Every_arrow_that_is_counted_says_in_words_what_flows_there()
    {
        var nothing = TopologyDiagram.Words(Flow.NotCounted);

        Assert.All(Enum.GetValues<Flow>().Where(flow => flow != Flow.NotCounted), flow => Assert.NotEqual(nothing, TopologyDiagram.Words(flow)));
    }

    internal static PipelineDescription Staged => With(
        ("source", "raw_weather"), ("map", "m"), ("filter", "f"), ("source", "processed_weather"), ("key", "record key"), ("window", "1m"), ("measure", "count"),
        ("output", "weather_late"), ("output", "weather_dead_letter"), ("output", "alerts"), ("alert", "one"), ("alert", "two"));

    internal static PipelineDescription With(params (string Kind, string Text)[] steps) =>
        PipelineSamples.Description() with { Steps = [.. steps.Select(step => new PipelineStep(step.Kind, step.Text))] };

    private static string[] Arrows(TopologyGraph graph) => [.. graph.Edges.Select(edge => $"{graph.Node(edge.From).Title} > {graph.Node(edge.To).Title}: {edge.Flow}")];
}
