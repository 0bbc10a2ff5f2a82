using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Testing;

namespace Streaming.Embedded.Aspire.Tests.Hosting.Parts;

public sealed class ContainerTests
{
    [Fact]
    public void An_image_for_which_no_program_stands_is_refused_by_name()
    {
        using var builder = DistributedApplicationTestingBuilder.Create();
        var error = Assert.Throws<DistributedApplicationException>(() => builder.AddContainer("cache", "redis", "8"));
        Assert.Contains("'redis'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_schema_registry_listens_on_a_port_of_the_machine_s_and_is_found_by_its_endpoint()
    {
        using var builder = DistributedApplicationTestingBuilder.Create();
        var registry = builder.AddContainer("schema-registry", "confluentinc/cp-schema-registry", "8.1.0").WithHttpEndpoint(targetPort: 8081);
        var user = builder.AddContainer("user", "confluentinc/cp-schema-registry").WithReference(registry.GetEndpoint("http"));

        var replica = Assert.Single(new Endpoints(randomPorts: true).Allocate(registry.Resource));
        var variables = new Dictionary<string, object>();
        foreach (var annotation in user.Resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(new EnvironmentCallbackContext(builder.ExecutionContext, user.Resource, variables));
        }

        var port = Assert.Single(replica.Ports).Value;
        Assert.NotEqual(8081, port);
        Assert.Equal($"http://localhost:{port}", await ((EndpointReference)variables["services__schema-registry__http__0"]).GetValueAsync());
        Assert.Equal($"http://localhost:{port}", await ((EndpointReference)variables["SCHEMA_REGISTRY_HTTP"]).GetValueAsync());
    }
}
