using System.Diagnostics;

namespace Streaming.EndToEnd.Tests.Publishing;

/// <summary>The application's manifest, written by the AppHost's own program.</summary>
internal static class PublishedManifest
{
    private static readonly TimeSpan s_bound = TimeSpan.FromMinutes(2);

    public static async Task WriteAsync(string path, params string[] arguments)
    {
        // Without the cloud: the official packages write what they would deploy, the stand-ins know containers only.
        var start = new ProcessStartInfo(
            "dotnet", [typeof(Projects.AppHost).Assembly.Location, "--publisher", "manifest", "--output-path", path, "--Deployment=none", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        using var bound = new CancellationTokenSource(s_bound);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(bound.Token), process.StandardError.ReadToEndAsync(bound.Token));
        try
        {
            await process.WaitForExitAsync(bound.Token);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }

        Assert.True(process.ExitCode == 0, $"Exit code {process.ExitCode}.\n{await output}\n{await errors}");
    }
}
