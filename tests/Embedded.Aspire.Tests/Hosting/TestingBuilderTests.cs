using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Streaming.Embedded.Aspire.Tests.Hosting;

public sealed class TestingBuilderTests
{
    [Fact]
    public async Task The_AppHosts_own_program_describes_the_model_and_waits_to_be_built()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.SampleAppHost>();

        Assert.Equal(["first", "second"], builder.Resources.Select(resource => resource.Name));
        Assert.Equal(Projects.SampleAppHost.ProjectPath, builder.AppHostDirectory);
    }

    [Fact]
    public async Task Arguments_reach_the_program_as_configuration()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.SampleAppHost>(["--Third:SAMPLE_X=1"]);

        Assert.Contains(builder.Resources, resource => resource.Name == "third");
    }

    [Fact]
    public async Task What_the_program_throws_is_thrown_to_the_test()
    {
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(
            () => DistributedApplicationTestingBuilder.CreateAsync<Projects.SampleAppHost>(["--Wrong=the model is wrong"]));

        Assert.Equal("the model is wrong", thrown.Message);
    }

    [Fact]
    public async Task A_builder_thrown_away_ends_the_program()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.SampleAppHost>();

        await builder.DisposeAsync().AsTask().WaitAsync(SampleApp.Bound);
    }

    [Fact]
    public async Task An_application_of_the_tests_own_can_be_built()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create("--ConnectionStrings:kafka=broker:9092");
        builder.AddConnectionString("kafka");
        await using var app = await builder.BuildAsync();

        await app.StartAsync();

        Assert.Equal("broker:9092", await app.GetConnectionStringAsync("kafka"));
        await app.ResourceNotifications.WaitForResourceHealthyAsync("kafka").WaitAsync(SampleApp.Bound);
    }

    [Fact]
    public void Two_resources_cannot_have_one_name()
    {
        using var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddParameter("one", "1");

        Assert.Throws<DistributedApplicationException>(() => builder.AddParameter("ONE", "2"));
    }
}
