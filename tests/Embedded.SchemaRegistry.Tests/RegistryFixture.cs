using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Embedded.Kafka;

namespace Streaming.Embedded.SchemaRegistry.Tests;

/// <summary>A broker with a fresh folder and a registry over it, for the tests of one class.</summary>
public sealed class RegistryFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("embedded-registry-").FullName;
    private int _lastName;

    public KafkaBroker Broker { get; private set; } = null!;

    public RegistryServer Server { get; private set; } = null!;

    internal RegistryApi Api { get; private set; } = null!;

    public string NewSubject() => $"subject-{Interlocked.Increment(ref _lastName)}";

    public async Task InitializeAsync()
    {
        Broker = await KafkaBroker.StartAsync(new BrokerOptions { DataDirectory = _folder });
        await StartRegistryAsync();
    }

    /// <summary>Ends the registry and starts another over the same topic.</summary>
    public async Task RestartRegistryAsync()
    {
        await Server.DisposeAsync();
        Api.Dispose();
        await StartRegistryAsync();
    }

    /// <summary>One more registry over the broker.</summary>
    public Task<RegistryServer> NewRegistryAsync(string topic) => RegistryServer.StartAsync(
        new SchemaRegistryOptions { BootstrapServers = Broker.BootstrapServers, Listen = new(System.Net.IPAddress.Loopback, 0), Topic = topic, MaxBodyBytes = 64 * 1024 },
        NullLoggerFactory.Instance, CancellationToken.None);

    public async Task DisposeAsync()
    {
        Api.Dispose();
        await Server.DisposeAsync();
        await Broker.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartRegistryAsync()
    {
        Server = await NewRegistryAsync("_schemas");
        Api = new RegistryApi(Server.Address);
    }
}
