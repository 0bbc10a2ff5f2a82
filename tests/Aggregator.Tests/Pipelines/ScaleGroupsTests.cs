using Microsoft.Extensions.Configuration;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Startup;
using Streaming.AppHost;
using Streaming.Contracts;

namespace Streaming.Aggregator.Tests.Pipelines;

/// <summary>What a deployment scales on.</summary>
public sealed class ScaleGroupsTests
{
    [Theory]
    [InlineData(Scenarios.Sales)]
    [InlineData(Scenarios.Shop)]
    [InlineData(Scenarios.Weather)]
    [InlineData(Scenarios.Iot)]
    public void The_groups_of_a_scenario_are_those_that_its_pipelines_read_in(string scenario)
    {
        var options = new AggregatorOptions { GroupPrefix = "own-" };
        var pipelines = PipelineCatalog.Find(typeof(IPipeline).Assembly, scenarios: new HashSet<string> { scenario });
        var read = pipelines.SelectMany(pipeline => new[]
        {
            PipelineConsumer.GroupOf(options, pipeline.Name, generation: 1), pipeline.Enrichment is null ? null : $"own-{pipeline.Name}.enrich",
        }).OfType<string>();

        var scaled = ScaleGroups.Of(Configuration(("Scenarios", scenario), ("Aggregator:GroupPrefix", "own-")));

        Assert.Equal(read.Order(), scaled.Order());
    }

    [Fact]
    public void Groups_that_are_listed_take_the_place_of_all()
    {
        var scaled = ScaleGroups.Of(Configuration(("Scenarios", "sales, shop"), ("Deployment:ScaleOn", "sales-by-store.g2, mine")));

        Assert.Equal(["sales-by-store.g2", "mine"], scaled);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void No_scenario_named_is_all_of_them(string scenarios) => Assert.Equal(
        ScaleGroups.Of(Configuration(("Scenarios", string.Join(',', Scenarios.All)))), ScaleGroups.Of(Configuration(("Scenarios", scenarios))));

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value)).Build();
}
