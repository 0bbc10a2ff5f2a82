using System.Globalization;

namespace Streaming.Embedded.Postgres.Binaries;

/// <summary>One PostgreSQL installation: a folder with <c>initdb</c> and <c>postgres</c>.</summary>
/// <param name="Folder">The folder, symbolic links resolved.</param>
/// <param name="Version">As <c>postgres --version</c> says, such as 15.18.</param>
internal sealed record PostgresBinaries(string Folder, string Version)
{
    /// <summary>The data folder's format changes with the major version only.</summary>
    public int Major => int.Parse(Version.AsSpan(0, Version.AsSpan().IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : Version.Length), CultureInfo.InvariantCulture);

    public string InitDb => Path.Combine(Folder, Named("initdb"));

    public string Server => Path.Combine(Folder, Named("postgres"));

    public string Control => Path.Combine(Folder, Named("pg_ctl"));

    internal static string Named(string program) => OperatingSystem.IsWindows() ? program + ".exe" : program;
}
