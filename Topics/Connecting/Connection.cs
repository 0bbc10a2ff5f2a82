using System.CommandLine;
using Confluent.Kafka;
using Streaming.Cluster;

namespace Streaming.Topics.Connecting;

/// <summary>Which cluster and registry a command talks to: from its options, a file and the environment, in this order.</summary>
internal sealed class Connection
{
    private const string Default = "localhost:9092";
    private const long LargestFile = 1024 * 1024;

    private Connection(ClientConfig client, string? registry, IReadOnlyDictionary<string, string> registrySettings, TimeSpan requestTimeout, IReadOnlyList<string> leftOut) =>
        (Client, Registry, RegistrySettings, RequestTimeout, LeftOut) = (client, registry, registrySettings, requestTimeout, leftOut);

    /// <summary>librdkafka's settings; they may hold secrets.</summary>
    public ClientConfig Client { get; }

    /// <summary>The schema registry's URL; null for none.</summary>
    public string? Registry { get; }

    /// <summary>Further settings for the registry; they may hold secrets.</summary>
    public IReadOnlyDictionary<string, string> RegistrySettings { get; }

    public TimeSpan RequestTimeout { get; }

    /// <summary>Names of settings in the file that mean nothing here.</summary>
    public IReadOnlyList<string> LeftOut { get; }

    /// <exception cref="ClusterException">A setting cannot be used.</exception>
    /// <exception cref="UsageException">The file cannot be read.</exception>
    public static Connection From(ParseResult parsed, GlobalOptions options, Func<string, string?> environment)
    {
        var properties = parsed.GetValue(options.Config) is { } file ? ClientProperties.Parse(Read(file)) : ClientProperties.Parse("");
        var client = new ClientConfig(properties.Client.ToDictionary(pair => pair.Key, pair => pair.Value));
        client.BootstrapServers = Given(parsed.GetValue(options.Servers)) ?? Given(client.BootstrapServers) ?? Given(environment("ConnectionStrings__kafka")) ?? Default;
        client.ClientId ??= "topics";
        var registry = Given(parsed.GetValue(options.Registry)) ?? Given(properties.Registry.GetValueOrDefault("schema.registry.url")) ?? Given(environment("ConnectionStrings__registry"));
        return new Connection(client, registry, properties.Registry, TimeSpan.FromSeconds(parsed.GetValue(options.RequestTimeout)), properties.LeftOut);
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
