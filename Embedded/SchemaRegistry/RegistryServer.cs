using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Streaming.Embedded.SchemaRegistry.Api;
using Streaming.Embedded.SchemaRegistry.Store;

namespace Streaming.Embedded.SchemaRegistry;

/// <summary>
/// A small schema registry with Confluent's REST interface, for Avro. Its schemas lie in a compacted topic of Kafka; it serves once it has read them. Only one writes
/// a topic at a time: the last that started.
/// </summary>
public sealed class RegistryServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Registry _registry;

    private RegistryServer(WebApplication app, Registry registry, Uri address) => (_app, _registry, Address) = (app, registry, address);

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Ends when another registry has taken over the topic: this one must be stopped.</summary>
    public Task TakenOver => _registry.TakenOver;

    /// <summary>Starts one; done when it serves. Waits while there is no Kafka.</summary>
    /// <exception cref="IOException">The address is in use.</exception>
    public static async Task<RegistryServer> StartAsync(SchemaRegistryOptions options, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var registry = new Registry(options, loggers.CreateLogger<Registry>(), loggers.CreateLogger<SchemasSession>());
        WebApplication? app = null;
        try
        {
            await registry.StartAsync(cancellationToken).ConfigureAwait(false);
            app = Build(options, registry, loggers);
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
            var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
            var (subjects, lastId) = registry.Read(state => (state.Subjects(withDeleted: false).Count(), state.LastId));
            Log.Listening(loggers.CreateLogger<RegistryServer>(), address.ToString(), subjects, lastId, options.Topic);
            return new RegistryServer(app, registry, address);
        }
        catch
        {
            if (app is not null)
            {
                await app.DisposeAsync().ConfigureAwait(false);
            }

            await registry.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        await _registry.DisposeAsync().ConfigureAwait(false);
    }

    private static WebApplication Build(SchemaRegistryOptions options, Registry registry, ILoggerFactory loggers)
    {
        // No configuration but these options: an environment meant for other services must not move this one's address.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore();
        builder.Services.AddHostFiltering(filter => filter.AllowedHosts = Hosts(options.Listen.Address));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = 256;
            kestrel.Listen(options.Listen);
        });
        var logger = loggers.CreateLogger<RegistryServer>();
        var app = builder.Build();
        app.UseHostFiltering();
        app.UseErrorAnswers(logger);
        app.UseRouting();
        app.MapGet("/", () => Answers.Json([], ApiJson.Default.DictionaryStringString));
        app.MapSubjects(registry, logger);
        app.MapSchemas(registry);
        app.MapCompatibility(registry);
        app.MapLevels(registry);
        return app;
    }

    // On loopback a name that leads there from outside (DNS rebinding) is not answered.
    private static string[] Hosts(IPAddress listen) => IPAddress.IsLoopback(listen) ? ["localhost", "127.0.0.1", "[::1]"] : ["*"];
}
