// The application on one page: what runs, what it talks to, what it waits for.
//
//   producer ──► kafka ──► aggregator (2) ──► streaming (postgres) ──► dashboard ──► browser
//      └──► schema-registry ◄──┘

using Streaming.AppHost;

var builder = DistributedApplication.CreateBuilder(args);

// Events. Your own cluster takes its place when ConnectionStrings:kafka is configured.
var kafka = builder.ConnectionStringOr("kafka", () => builder.AddKafka("kafka").KeepData(builder).WithKafkaUI());

// What the bytes of events mean. Your own registry takes its place when ConnectionStrings:schema-registry is configured.
var schemas = builder.AddSchemaRegistry("schema-registry", kafka);

// Results, and how far the events have been counted. Your own database takes its place when ConnectionStrings:streaming is configured.
var streaming = builder.ConnectionStringOr("streaming", () => builder.AddPostgres("postgres").KeepData(builder).WithPgWeb().AddDatabase("streaming"));

builder.AddProject<Projects.Producer>("producer")
    .WithReference(kafka).WaitFor(kafka)
    .WithReference(schemas)
    .WithSettings("Producer").WithSettings("Scenarios").WithSettings("Kafka")
    .WithHttpHealthCheck("/health");

builder.AddProject<Projects.Aggregator>("aggregator")
    .WithReplicas(2)
    .WithReference(kafka).WaitFor(kafka)
    .WithReference(schemas)
    .WithReference(streaming).WaitFor(streaming)
    .WithSettings("Aggregator").WithSettings("Scenarios").WithSettings("Kafka")
    .WithHttpHealthCheck("/health");

builder.AddProject<Projects.Dashboard>("dashboard")
    .WithReference(kafka)
    .WithReference(schemas)
    .WithReference(streaming).WaitFor(streaming)
    .WithSettings("Dashboard").WithSettings("Scenarios").WithSettings("Kafka")
    .WithTraceLinks()
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health");

// Where all this goes when it is published: docs/deploy.md.
builder.AddDeployment();

builder.Build().Run();
