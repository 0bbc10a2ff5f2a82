namespace Aspire.Hosting.Testing;

/// <summary>An AppHost's builder in the hands of a test, which may change the model and the configuration before it builds.</summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable, IDisposable
{
    /// <summary>Lets the AppHost finish building and returns the application, not started.</summary>
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}
