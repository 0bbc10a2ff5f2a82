using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Streaming.Embedded.Postgres.Processes;

namespace Streaming.Embedded.Postgres.Binaries;

/// <summary>Finds PostgreSQL on this machine: PATH, then the folders where distributions and Homebrew put it, newest first; else npm's package.</summary>
internal static partial class BinariesFinder
{
    /// <summary>The oldest major version whose behaviour this project relies on (it is the oldest that PostgreSQL still supports).</summary>
    private const int OldestMajor = 14;

    /// <param name="major">The major version that an existing cluster needs; null for a new one.</param>
    /// <param name="logger">Told of what is fetched.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PostgresStartException">There is none, or none of that version.</exception>
    public static Task<PostgresBinaries> FindAsync(int? major, ILogger logger, CancellationToken cancellationToken) =>
        FindAsync(major, Candidates().Distinct(), () => NpmBinaries.TryGetAsync(logger, cancellationToken), cancellationToken);

    /// <summary>The same, among folders that are given, and with what npm would deliver.</summary>
    internal static async Task<PostgresBinaries> FindAsync(int? major, IEnumerable<string> folders, Func<Task<string?>> npmFolder, CancellationToken cancellationToken)
    {
        var found = new List<PostgresBinaries>();
        foreach (var folder in folders)
        {
            if (await InspectAsync(folder, cancellationToken) is { } binaries && binaries.Major >= OldestMajor)
            {
                if (major is null || binaries.Major == major)
                {
                    return binaries;
                }

                found.Add(binaries);
            }
        }

        if (await npmFolder() is { } folderOfNpm && await InspectAsync(folderOfNpm, cancellationToken) is { } npm)
        {
            if (major is null || npm.Major == major)
            {
                return npm;
            }

            found.Add(npm);
        }

        throw new PostgresStartException(major is null
            ? "PostgreSQL was not found: neither initdb and postgres (14 or newer) on PATH or in the usual folders, nor from npm. "
              + "Install it (Debian/Ubuntu: apt install postgresql; Fedora: dnf install postgresql-server; macOS: brew install postgresql), or install Node.js, whose npm fetches it, "
              + "or set ConnectionStrings:streaming to a server of your own."
            : $"The data folder was made by PostgreSQL {major}, and this machine has {(found.Count == 0 ? "none" : string.Join(", ", found.Select(f => f.Version)))}. "
              + $"Install PostgreSQL {major}, or give another data folder (or delete this one: the data is lost, streams are read again from Kafka).");
    }

    private static IEnumerable<string> Candidates()
    {
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            // Debian puts a wrapper script into PATH for some programs, never for these two: what is there is the real thing.
            if (IsInstallation(folder))
            {
                yield return Resolve(folder);
            }
        }

        string[] patterns = ["/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin", @"C:\Program Files\PostgreSQL\*\bin"];
        foreach (var folder in patterns.SelectMany(Expand).Where(IsInstallation))
        {
            yield return Resolve(folder);
        }
    }

    /// <summary>The folders that a pattern with one <c>*</c> stands for, highest number first.</summary>
    private static IEnumerable<string> Expand(string pattern)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
        {
            return [pattern];
        }

        var slash = pattern.LastIndexOfAny(['/', '\\'], star);
        var next = pattern.IndexOfAny(['/', '\\'], star);
        var parent = pattern[..slash];
        return !Directory.Exists(parent)
            ? []
            : Directory.GetDirectories(parent, pattern[(slash + 1)..next])
                .OrderByDescending(folder => Digits().Match(Path.GetFileName(folder)) is { Success: true } m ? int.Parse(m.Value, CultureInfo.InvariantCulture) : 0)
                .Select(folder => folder + pattern[next..]);
    }

    private static bool IsInstallation(string folder) =>
        File.Exists(Path.Combine(folder, PostgresBinaries.Named("initdb"))) && File.Exists(Path.Combine(folder, PostgresBinaries.Named("postgres")));

    /// <summary>PATH may hold links to the programs; postgres finds its own files beside the real one.</summary>
    private static string Resolve(string folder)
    {
        var server = new FileInfo(Path.Combine(folder, PostgresBinaries.Named("postgres")));
        return (server.ResolveLinkTarget(returnFinalTarget: true) as FileInfo)?.DirectoryName ?? server.DirectoryName!;
    }

    private static async Task<PostgresBinaries?> InspectAsync(string folder, CancellationToken cancellationToken)
    {
        var result = await Command.RunAsync([Path.Combine(folder, PostgresBinaries.Named("postgres")), "--version"], cancellationToken);
        var version = VersionOfPostgres().Match(result.Output);
        return result.ExitCode == 0 && version.Success ? new PostgresBinaries(folder, version.Groups[1].Value) : null;
    }

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digits();

    // "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", "postgres (PostgreSQL) 18.4"
    [GeneratedRegex(@"\(PostgreSQL\) (\d+(?:\.\d+)?)")]
    private static partial Regex VersionOfPostgres();
}
