using System.Text.Json;
using Streaming.Embedded.Aspire.Tests.Hosting;
using Streaming.Tests.Shared.Manifests;

namespace Streaming.Embedded.Aspire.Tests.Publishing;

/// <summary>The sample AppHost as a program of its own that is told to publish.</summary>
public sealed class PublishingRunTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("publish-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_manifest_lies_in_the_folder_and_nothing_has_run()
    {
        await using var run = AppHostRun.Start("--publisher", "manifest", "--output-path", Path.Combine(_folder.FullName, "new"));
        var exitCode = await run.ExitCodeAsync();

        var path = Path.Combine(_folder.FullName, "new", "aspire-manifest.json");
        Assert.True(exitCode == 0, run.Output);
        Assert.Contains($"Published manifest to: {path}", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Starting ", run.Output, StringComparison.Ordinal);
        using var manifest = JsonDocument.Parse(await File.ReadAllBytesAsync(path));
        Assert.Empty(ManifestRules.Violations(manifest.RootElement, Path.GetDirectoryName(path)!));
        var first = manifest.RootElement.GetProperty("resources").GetProperty("first");
        Assert.Equal("project.v0", first.GetProperty("type").GetString());
        Assert.Equal("{first.bindings.http.targetPort}", first.GetProperty("env").GetProperty("HTTP_PORTS").GetString());
        Assert.True(first.GetProperty("bindings").GetProperty("https").GetProperty("external").GetBoolean());
    }

    [Theory]
    [InlineData("The publisher 'azure'", "--publisher", "azure")]
    [InlineData("The step 'deploy'", "--operation", "publish", "--step", "deploy")]
    [InlineData("The step 'deploy'", "--publisher", "manifest", "--step", "deploy")]
    [InlineData("Publishing", "--operation", "publish")]
    public async Task What_the_stand_in_cannot_publish_is_refused_with_the_way_out(string what, params string[] arguments)
    {
        await using var run = AppHostRun.Start([.. arguments, "--output-path", _folder.FullName]);

        var exitCode = await run.ExitCodeAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains($"{what} needs Aspire's own packages", run.Output, StringComparison.Ordinal);
        Assert.Contains("-p:Embedded=false", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
        Assert.Empty(_folder.GetFileSystemInfos());
    }

    [Fact]
    public async Task A_path_that_cannot_be_written_is_named()
    {
        var file = Path.Combine(_folder.FullName, "file");
        await File.WriteAllTextAsync(file, "");
        await using var run = AppHostRun.Start("--publisher", "manifest", "--output-path", Path.Combine(file, "manifest.json"));

        var exitCode = await run.ExitCodeAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains($"The manifest cannot be written to '{Path.Combine(file, "manifest.json")}' (--output-path)", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("The '--output-path [path]' option was not specified", "--publisher", "manifest")]
    [InlineData("The operation 'fly' is unknown", "--operation", "fly")]
    public async Task A_wrong_command_line_is_told_in_a_sentence(string sentence, params string[] arguments)
    {
        await using var run = AppHostRun.Start(arguments);

        var exitCode = await run.ExitCodeAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains(sentence, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
    }
}
