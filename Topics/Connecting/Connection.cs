using System.CommandLine;
using Confluent.Kafka;
using Streaming.Cluster;
using Streaming.Contracts.SchemaRegistry;

namespace Streaming.Topics.Connecting;

/// <summary>Which cluster and registry a command talks to: from its options, a file and the environment, in this order.</summary>
internal sealed class Connection
{
    private const string Default = "localhost:9092";
    private const long LargestFile = 1024 * 1024;

    private Connection(ClientConfig client, SchemaRegistrySettings? registry, TimeSpan requestTimeout, IReadOnlyList<string> leftOut) =>
        (Client, Registry, RequestTimeout, LeftOut) = (client, registry, requestTimeout, leftOut);

    /// <summary>librdkafka's settings; they may hold secrets.</summary>
    public ClientConfig Client { get; }

    /// <summary>The schema registry; null for none.</summary>
    public SchemaRegistrySettings? Registry { get; }

    public TimeSpan RequestTimeout { get; }

    /// <summary>Names of settings in the file that mean nothing here.</summary>
    public IReadOnlyList<string> LeftOut { get; }

    /// <exception cref="ClusterException">A setting cannot be used.</exception>
    /// <exception cref="UsageException">The file cannot be read.</exception>
    public static Connection From(ParseResult parsed, GlobalOptions options, Func<string, string?> environment)
    {
        var properties = parsed.GetValue(options.Config) is { } file ? ClientProperties.Parse(Read(file))
            : Given(environment("Kafka__Properties")) is { } shared ? SharedSettings.Read(shared)
            : ClientProperties.Parse("");
        var client = new ClientConfig(properties.Client.ToDictionary(pair => pair.Key, pair => pair.Value));
        client.BootstrapServers = Given(parsed.GetValue(options.Servers)) ?? Given(client.BootstrapServers) ?? Given(environment("ConnectionStrings__kafka")) ?? Default;
        client.ClientId ??= "topics";
        var registry = RegistryOf(Given(parsed.GetValue(options.Registry)) ?? Given(properties.Registry.GetValueOrDefault("schema.registry.url")), properties, environment);
        return new Connection(client, registry, TimeSpan.FromSeconds(parsed.GetValue(options.RequestTimeout)), properties.LeftOut);
    }

    /// <summary>The registry's client; null where no registry is named.</summary>
    public SchemaRegistryClient? OpenRegistry() => Registry is { } registry ? new SchemaRegistryClient(registry) : null;

    /// <summary>The registry that is named here, else the environment's, as services have it.</summary>
    private static SchemaRegistrySettings? RegistryOf(string? address, ClientProperties properties, Func<string, string?> environment)
    {
        var login = (properties.Registry.GetValueOrDefault("basic.auth.user.info") ?? properties.Registry.GetValueOrDefault("schema.registry.basic.auth.user.info"))?.Split(':', 2);
        try
        {
            return SchemaRegistrySettings.From(key => key switch
            {
                $"ConnectionStrings:{SchemaRegistrySettings.Name}" when address is not null => address,
                "SchemaRegistry:UserName" when login is [var user, _] => user,
                "SchemaRegistry:Password" when login is [_, var password] => password,
                _ => environment(key.Replace(":", "__", StringComparison.Ordinal)),
            });
        }
        catch (ArgumentException exception)
        {
            throw new UsageException($"The schema registry: {exception.Message}");
        }
    }

    public ClusterConnection Open() => new(Client, RequestTimeout);

    private static string? Given(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    private static string Read(FileInfo file)
    {
        try
        {
            return !file.Exists ? throw new UsageException($"There is no file '{file.FullName}'.")
                : file.Length > LargestFile ? throw new UsageException($"'{file.FullName}' is no file of settings: it has {file.Length} bytes.")
                : File.ReadAllText(file.FullName);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"'{file.FullName}' cannot be read: {exception.Message}");
        }
    }
}
