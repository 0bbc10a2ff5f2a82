using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Publishing;

/// <summary>Writes the manifest when the application is started, and ends it. Nothing else of it runs.</summary>
internal sealed partial class ManifestPublisher(
    PublishRequest request, DistributedApplicationModel model, DistributedApplicationExecutionContext execution,
    IHostApplicationLifetime lifetime, ILogger<ManifestPublisher> logger) : IHostedService
{
    /// <exception cref="DistributedApplicationException">It cannot be published, or not to that path.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (request.Refusal is { } refusal)
        {
            throw new DistributedApplicationException(refusal);
        }

        var path = FullPath(request.OutputPath!);
        await WriteAsync(path, cancellationToken).ConfigureAwait(false);
        Published(path);
        lifetime.StopApplication();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>A path that does not end in <c>.json</c> is a folder, as for the official package.</summary>
    private static string FullPath(string outputPath)
    {
        try
        {
            return Path.GetFullPath(outputPath.EndsWith(".json", StringComparison.Ordinal) ? outputPath : Path.Combine(outputPath, "aspire-manifest.json"));
        }
        catch (ArgumentException exception)
        {
            throw new DistributedApplicationException($"'{outputPath}' (--output-path) is no path: {exception.Message}", exception);
        }
    }

    /// <summary>The file is written in one piece, after the whole manifest is known: a model at fault leaves no half of one.</summary>
    private async Task WriteAsync(string path, CancellationToken cancellationToken)
    {
        using var manifest = new MemoryStream();
        var json = new Utf8JsonWriter(manifest, new JsonWriterOptions { Indented = true });
        await using (json.ConfigureAwait(false))
        {
            await new ManifestWriter(json, path, execution).WriteAsync(model, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, manifest.ToArray(), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException($"The manifest cannot be written to '{path}' (--output-path): {exception.Message}", exception);
        }
    }

    [LoggerMessage(6101, LogLevel.Information, "Published manifest to: {ManifestPath}")]
    private partial void Published(string manifestPath);
}
