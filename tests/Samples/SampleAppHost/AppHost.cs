// An AppHost for tests of the stand-ins: a service, another that waits for it and has two replicas, a third that does what
// the section "Third" of the configuration says, and servers where "Servers" is true.

using Microsoft.Extensions.Configuration;

var builder = DistributedApplication.CreateBuilder(args);
if (builder.Configuration["Wrong"] is { } wrong)
{
    throw new InvalidOperationException(wrong);
}

var first = builder.AddProject<Projects.SampleService>("first")
    .WithEnvironment("SAMPLE_CRASH", builder.Configuration["FirstCrash"])
    .WithEnvironment("SAMPLE_CHILD", builder.Configuration["FirstChild"])
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health");
if (builder.Configuration.GetValue<int?>("FirstPort") is { } firstPort)
{
    first.WithEndpoint("http", endpoint => endpoint.Port = firstPort);
}

builder.AddProject<Projects.SampleService>("second", launchProfileName: null)
    .WithHttpEndpoint(port: builder.Configuration.GetValue<int?>("SecondPort"))
    .WithReplicas(2)
    .WithReference(first).WaitFor(first)
    .WithHttpHealthCheck("/health");

if (builder.Configuration.GetSection("Third").Exists())
{
    var third = builder.AddProject<Projects.SampleService>("third", launchProfileName: null)
        .WithHttpEndpoint()
        .WaitFor(first)
        .WithHttpHealthCheck("/health");
    foreach (var setting in builder.Configuration.GetSection("Third").GetChildren())
    {
        third.WithEnvironment(setting.Key, setting.Value);
    }
}

if (builder.Configuration.GetValue("Servers", defaultValue: false))
{
    builder.AddKafka("kafka");
    builder.AddPostgres("postgres").AddDatabase("figures");
}

builder.Build().Run();
