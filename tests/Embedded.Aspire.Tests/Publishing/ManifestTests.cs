using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Streaming.Tests.Shared.Manifests;

namespace Streaming.Embedded.Aspire.Tests.Publishing;

/// <summary>The stand-in writes what the official package (13.1) writes of the same model.</summary>
public sealed class ManifestTests : IDisposable
{
    private readonly Published _published = new();

    public void Dispose() => _published.Dispose();

    [Fact]
    public async Task Kafka_is_a_container_with_the_listeners_of_the_official_package()
    {
        await _published.WriteAsync(builder => builder.AddKafka("kafka").WithKafkaUI());

        Same("""
            {
              "type": "container.v0",
              "connectionString": "{kafka.bindings.tcp.host}:{kafka.bindings.tcp.port}",
              "image": "docker.io/confluentinc/confluent-local:8.1.0",
              "env": {
                "KAFKA_LISTENERS": "PLAINTEXT://localhost:29092,CONTROLLER://localhost:29093,PLAINTEXT_HOST://0.0.0.0:9092,PLAINTEXT_INTERNAL://0.0.0.0:9093",
                "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT,PLAINTEXT_INTERNAL:PLAINTEXT",
                "KAFKA_ADVERTISED_LISTENERS": "PLAINTEXT://{kafka.bindings.tcp.host}:29092,PLAINTEXT_HOST://{kafka.bindings.tcp.host}:{kafka.bindings.tcp.port},PLAINTEXT_INTERNAL://{kafka.bindings.internal.host}:{kafka.bindings.internal.port}"
              },
              "bindings": {
                "tcp": { "scheme": "tcp", "protocol": "tcp", "transport": "tcp", "targetPort": 9092 },
                "internal": { "scheme": "tcp", "protocol": "tcp", "transport": "tcp", "targetPort": 9093 }
              }
            }
            """, _published.Resource("kafka"));
        Assert.Equal(["kafka"], _published.Manifest.GetProperty("resources").EnumerateObject().Select(resource => resource.Name));
    }

    [Fact]
    public async Task Postgres_is_a_container_its_database_a_value_its_password_generated_and_encoded_in_URIs()
    {
        await _published.WriteAsync(builder =>
        {
            var database = builder.AddPostgres("pg").WithDataVolume("kept").AddDatabase("db", "the db");
            builder.AddContainer("reader", "example/reader", "2").WithReference(database);
        });

        Same("""{ "type": "value.v0", "connectionString": "{pg.connectionString};Database=the db" }""", _published.Resource("db"));
        Same("""
            {
              "type": "parameter.v0", "value": "{pg-password.inputs.value}",
              "inputs": { "value": { "type": "string", "secret": true, "default": { "generate": { "minLength": 22 } } } }
            }
            """, _published.Resource("pg-password"));
        Same("""{ "type": "annotated.string", "value": "{pg-password.value}", "filter": "uri" }""", _published.Resource("pg-password-uri-encoded"));
        Same("""[ { "name": "kept", "target": "/var/lib/postgresql", "readOnly": false } ]""", _published.Resource("pg").GetProperty("volumes"));
        Same("""
            {
              "ConnectionStrings__db": "{db.connectionString}",
              "DB_HOST": "{pg.bindings.tcp.host}", "DB_PORT": "{pg.bindings.tcp.port}", "DB_USERNAME": "postgres", "DB_PASSWORD": "{pg-password.value}",
              "DB_URI": "postgresql://postgres:{pg-password-uri-encoded.value}@{pg.bindings.tcp.host}:{pg.bindings.tcp.port}/the%20db",
              "DB_JDBCCONNECTIONSTRING": "jdbc:postgresql://{pg.bindings.tcp.host}:{pg.bindings.tcp.port}/the%20db",
              "DB_DATABASENAME": "the db"
            }
            """, _published.Resource("reader").GetProperty("env"));
        NothingIsWrong();
    }

    [Fact]
    public async Task Values_from_outside_are_inputs_and_are_not_asked_for()
    {
        await _published.WriteAsync(
            builder =>
            {
                builder.AddConnectionString("kafka");
                builder.AddParameter("missing");
                builder.AddParameter("key", secret: true);
                builder.AddParameter("known", "the secret's value", secret: true);
                builder.AddParameter("region", "north", publishValueAsDefault: true);
            },
            "--ConnectionStrings:kafka=broker:9092", "--Parameters:key=the key's value");

        Same("""
            {
              "type": "parameter.v0", "connectionString": "{kafka.value}", "value": "{kafka.inputs.value}",
              "inputs": { "value": { "type": "string", "secret": true } }
            }
            """, _published.Resource("kafka"));
        Same("""{ "type": "parameter.v0", "value": "{missing.inputs.value}", "inputs": { "value": { "type": "string" } } }""", _published.Resource("missing"));
        Same("""{ "value": { "type": "string", "default": { "value": "north" } } }""", _published.Resource("region").GetProperty("inputs"));
        Assert.DoesNotContain("broker:9092", _published.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("'s value", _published.Text, StringComparison.Ordinal);
        NothingIsWrong();
    }

    [Fact]
    public async Task An_endpoint_without_a_port_of_a_container_is_given_one()
    {
        await _published.WriteAsync(builder => builder.AddContainer("one", "example/one").WithHttpEndpoint(port: 80, targetPort: 8080).WithHttpEndpoint(name: "admin"));

        Same("""
            {
              "http": { "scheme": "http", "protocol": "tcp", "transport": "http", "port": 80, "targetPort": 8080 },
              "admin": { "scheme": "http", "protocol": "tcp", "transport": "http", "targetPort": 8000 }
            }
            """, _published.Resource("one").GetProperty("bindings"));
    }

    private void NothingIsWrong() => Assert.Empty(ManifestRules.Violations(_published.Manifest, _published.Folder));

    /// <summary>The same values in the same order.</summary>
    private static void Same(string expected, JsonElement actual)
    {
        using var document = JsonDocument.Parse(expected);
        Assert.Equal(JsonSerializer.Serialize(document.RootElement), JsonSerializer.Serialize(actual));
    }
}
