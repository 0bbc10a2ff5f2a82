using System.Text;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.Testing;
using Streaming.Embedded.Aspire.Tests.Hosting;

namespace Streaming.Embedded.Aspire.Tests.Publishing;

/// <summary>The manifest of a model that a test describes.</summary>
internal sealed class Published : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("manifest-");

    public string Folder => _folder.FullName;

    public string FilePath => Path.Combine(Folder, "aspire-manifest.json");

    public string Text => File.ReadAllText(FilePath, Encoding.UTF8);

    public JsonElement Manifest => JsonDocument.Parse(Text).RootElement;

    public JsonElement Resource(string name) => Manifest.GetProperty("resources").GetProperty(name);

    public async Task WriteAsync(Action<IDistributedApplicationBuilder> describe, params string[] args)
    {
        await using var builder = DistributedApplicationTestingBuilder.Create(["--publisher", "manifest", "--output-path", FilePath, .. args]);
        describe(builder);
        await using var app = await builder.BuildAsync();
        await app.StartAsync().WaitAsync(SampleApp.Bound);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
