using System.Text;
using System.Text.Json;
using Streaming.Tests.Shared.Manifests;

namespace Streaming.EndToEnd.Tests.Publishing;

public sealed class ManifestTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("manifest-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_whole_application_has_a_manifest_in_which_everything_resolves_and_no_secret_stands_the_same_each_time()
    {
        string[] secrets = ["--Aggregator:Webhook:Url=https://example.com/hook", "--Aggregator:Webhook:Secret=swordfish", "--Parameters:postgres-password=sesame"];

        var first = await WriteAsync("first.json", secrets);
        var second = await WriteAsync("second.json", secrets);

        using var manifest = JsonDocument.Parse(first);
        Assert.Empty(ManifestRules.Violations(manifest.RootElement, _folder.FullName));
        var resources = manifest.RootElement.GetProperty("resources");
        Assert.Superset(
            new HashSet<string> { "kafka", "schema-registry", "postgres", "streaming", "postgres-password", "producer", "aggregator", "dashboard", "aggregator-webhook-secret" },
            resources.EnumerateObject().Select(resource => resource.Name).ToHashSet());
        var aggregator = resources.GetProperty("aggregator").GetProperty("env");
        Assert.Equal("{kafka.connectionString}", aggregator.GetProperty("ConnectionStrings__kafka").GetString());
        Assert.Equal("{streaming.connectionString}", aggregator.GetProperty("ConnectionStrings__streaming").GetString());
        Assert.Equal("{schema-registry.bindings.http.url}", aggregator.GetProperty("services__schema-registry__http__0").GetString());
        Assert.Equal("{aggregator-webhook-secret.value}", aggregator.GetProperty("Aggregator__Webhook__Secret").GetString());
        Assert.All(["swordfish", "sesame"], secret => Assert.DoesNotContain(secret, Encoding.UTF8.GetString(first), StringComparison.Ordinal));
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task A_cluster_and_a_database_of_your_own_are_inputs()
    {
        var written = await WriteAsync("own.json", "--ConnectionStrings:kafka=broker.example:9092", "--ConnectionStrings:streaming=Host=db.example;Password=sesame");

        using var manifest = JsonDocument.Parse(written);
        var resources = manifest.RootElement.GetProperty("resources");
        Assert.Empty(ManifestRules.Violations(manifest.RootElement, _folder.FullName));
        Assert.All(["kafka", "streaming"], name => Assert.True(
            resources.GetProperty(name).GetProperty("inputs").GetProperty("value").GetProperty("secret").GetBoolean()));
        Assert.DoesNotContain(resources.EnumerateObject(), resource => resource.Name == "postgres");
        Assert.DoesNotContain(".example", Encoding.UTF8.GetString(written), StringComparison.Ordinal);
    }

    private async Task<byte[]> WriteAsync(string file, params string[] arguments)
    {
        var path = Path.Combine(_folder.FullName, file);
        await PublishedManifest.WriteAsync(path, arguments);
        return await File.ReadAllBytesAsync(path);
    }
}
