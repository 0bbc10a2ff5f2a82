using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Streaming.EndToEnd.Tests.Publishing;

/// <summary>What <c>dotnet publish -t:PublishContainer</c> would make of each service; MSBuild is asked, so no container engine is needed.</summary>
public sealed class ContainerTests
{
    [Theory]
    [InlineData("Producer", "streaming-producer")]
    [InlineData("Aggregator", "streaming-aggregator")]
    [InlineData("Dashboard", "streaming-dashboard")]
    public async Task A_service_becomes_an_image_without_shell_or_root_that_listens_on_8080(string project, string repository)
    {
        using var evaluated = JsonDocument.Parse(await EvaluateAsync(project));

        var properties = evaluated.RootElement.GetProperty("Properties");
        Assert.Equal(repository, properties.GetProperty("ContainerRepository").GetString());
        // "extra" has the time zones that windows by calendar days need.
        Assert.Matches(@"^mcr\.microsoft\.com/dotnet/aspnet:10\.0[0-9.]*-noble-chiseled-extra$", properties.GetProperty("ContainerBaseImage").GetString()!);
        Assert.Equal("1654", properties.GetProperty("ContainerUser").GetString());
        Assert.Equal("true", properties.GetProperty("EnableSdkContainerSupport").GetString());
        var items = evaluated.RootElement.GetProperty("Items");
        var port = Assert.Single(items.GetProperty("ContainerPort").EnumerateArray());
        Assert.Equal(("8080", "tcp"), (port.GetProperty("Identity").GetString(), port.GetProperty("Type").GetString()));
        var variable = Assert.Single(items.GetProperty("ContainerEnvironmentVariable").EnumerateArray());
        Assert.Equal(("ASPNETCORE_HTTP_PORTS", "8080"), (variable.GetProperty("Identity").GetString(), variable.GetProperty("Value").GetString()));
    }

    private static async Task<string> EvaluateAsync(string project)
    {
        var start = new ProcessStartInfo("dotnet",
        [
            "msbuild", Path.Combine(RepositoryRoot(), project, $"{project}.csproj"),
            "-t:ComputeContainerBaseImage", "-getProperty:ContainerRepository,ContainerBaseImage,ContainerUser,EnableSdkContainerSupport", "-getItem:ContainerPort,ContainerEnvironmentVariable",
        ])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        using var bound = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var output = await process.StandardOutput.ReadToEndAsync(bound.Token);
        await process.WaitForExitAsync(bound.Token);
        Assert.True(process.ExitCode == 0, output);
        return output;
    }

    private static string RepositoryRoot([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));
}
