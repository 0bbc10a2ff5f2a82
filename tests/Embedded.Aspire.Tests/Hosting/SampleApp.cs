using System.Net.Http.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Streaming.Embedded.Aspire.Tests.Hosting;

/// <summary>The sample AppHost, run by its own program under the testing builder.</summary>
internal sealed class SampleApp : IAsyncDisposable
{
    public static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);
    private readonly IDistributedApplicationTestingBuilder _builder;

    private SampleApp(IDistributedApplicationTestingBuilder builder, DistributedApplication app)
    {
        _builder = builder;
        App = app;
    }

    public DistributedApplication App { get; }

    public static Task<SampleApp> StartAsync(params string[] args) => StartAsync(_ => { }, args);

    public static async Task<SampleApp> StartAsync(Action<IDistributedApplicationTestingBuilder> prepare, params string[] args)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.SampleAppHost>(args).WaitAsync(Bound);
        prepare(builder);
        var app = await builder.BuildAsync().WaitAsync(Bound);
        var sample = new SampleApp(builder, app);
        await app.StartAsync().WaitAsync(Bound);
        return sample;
    }

    public async Task HealthyAsync(params string[] resources)
    {
        foreach (var resource in resources)
        {
            await App.ResourceNotifications.WaitForResourceHealthyAsync(resource).WaitAsync(Bound);
        }
    }

    /// <summary>The state of each replica of a resource, once all of them are in one that is asked for.</summary>
    public async Task<IReadOnlyList<ResourceEvent>> ReplicasAsync(string resource, int count, Func<CustomResourceSnapshot, bool> isThere)
    {
        using var bound = new CancellationTokenSource(Bound);
        var seen = new Dictionary<string, ResourceEvent>();
        await foreach (var update in App.ResourceNotifications.WatchAsync(bound.Token))
        {
            if (update.Resource.Name == resource)
            {
                seen[update.ResourceId] = update;
                if (seen.Values.Count(update => isThere(update.Snapshot)) == count)
                {
                    return [.. seen.Values];
                }
            }
        }

        throw new InvalidOperationException("The application ended.");
    }

    public static int ProcessId(CustomResourceSnapshot snapshot) =>
        (int)snapshot.Properties.Single(property => property.Name == "executable.pid").Value!;

    public async Task<int> ProcessIdAsync(string resource) =>
        ProcessId((await ReplicasAsync(resource, 1, snapshot => snapshot.State?.Text == KnownResourceStates.Running)).Single().Snapshot);

    public async Task<Dictionary<string, string>> EnvironmentAsync(string resource)
    {
        using var client = App.CreateHttpClient(resource);
        return (await client.GetFromJsonAsync<Dictionary<string, string>>(new Uri("/environment", UriKind.Relative)))!;
    }

    public ValueTask DisposeAsync() => _builder.DisposeAsync();
}
