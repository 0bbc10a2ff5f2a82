using Aspire.Hosting;
using Aspire.Hosting.Projects;
using Microsoft.Extensions.Configuration;

namespace Streaming.Embedded.Aspire.Tests.Hosting.Parts;

public sealed class LaunchProfileTests
{
    private readonly Project _project = new()
    {
        LaunchSettings = new LaunchSettings
        {
            Profiles = { ["docker"] = new() { CommandName = "Docker" }, ["http"] = new() { CommandName = "Project" }, ["https"] = new() { CommandName = "Project" } },
        },
    };

    [Theory]
    [InlineData(null, null, "http")]
    [InlineData(null, "https", "https")]
    [InlineData("https", "http", "https")]
    [InlineData(null, "unknown", "http")]
    public void The_named_profile_then_the_AppHosts_then_the_first_is_chosen(string? named, string? ofAppHost, string expected)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("DOTNET_LAUNCH_PROFILE", ofAppHost)]).Build();

        Assert.Equal(expected, LaunchProfiles.Choose(_project, named, configuration)?.Key);
    }

    [Fact]
    public void A_named_profile_that_does_not_exist_is_an_error()
    {
        Assert.Throws<DistributedApplicationException>(() => LaunchProfiles.Choose(_project, "nobody", new ConfigurationManager()));
    }

    private sealed class Project : IProjectMetadata
    {
        public string ProjectPath => "/nowhere/Some.csproj";

        public LaunchSettings? LaunchSettings { get; init; }
    }
}
