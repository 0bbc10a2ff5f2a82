using Microsoft.Extensions.Logging;
using Streaming.Embedded.Postgres.Binaries;
using Streaming.Embedded.Postgres.Processes;

namespace Streaming.Embedded.Postgres.Cluster;

/// <summary>The cluster inside a data folder: makes it, or opens an existing one. The folder's lock is held by the caller.</summary>
internal sealed class ClusterFolder
{
    private readonly PostgresOptions options;
    private readonly ILogger logger;
    private readonly UnprivilegedUser? user;

    private ClusterFolder(PostgresOptions options, ILogger logger, UnprivilegedUser? user)
    {
        this.options = options;
        this.logger = logger;
        this.user = user;
        Path = PathIn(options.DataDirectory);
    }

    /// <summary>PostgreSQL's own data directory (PGDATA).</summary>
    public string Path { get; }

    public required PostgresBinaries Binaries { get; init; }

    public required Credentials Credentials { get; init; }

    /// <summary>What stands before a command that works on the cluster (another user, when this is root).</summary>
    public string[] Prefix { get; private set; } = [];

    /// <exception cref="PostgresStartException">No fitting PostgreSQL, another major version, another superuser, or a folder out of reach.</exception>
    public static async Task<ClusterFolder> OpenAsync(PostgresOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        var user = UnprivilegedUser.Find();
        var exists = File.Exists(System.IO.Path.Combine(PathIn(options.DataDirectory), "PG_VERSION"));
        var binaries = await BinariesFinder.FindAsync(exists ? MajorOf(options.DataDirectory) : null, logger, cancellationToken);
        var kept = exists ? Credentials.Read(options.DataDirectory) : null;
        if (kept is not null && kept.UserName != options.UserName)
        {
            throw new PostgresStartException($"The cluster in {options.DataDirectory} was made for the superuser {kept.UserName}, not {options.UserName}: give that name, or another folder.");
        }

        var folder = new ClusterFolder(options, logger, user)
        {
            Binaries = binaries,
            Credentials = new Credentials(options.UserName, options.Password ?? kept?.Password ?? Credentials.RandomPassword()),
        };
        if (!exists)
        {
            await folder.MakeAsync(cancellationToken);
        }

        await folder.HandOverAsync(folder.Path, cancellationToken);
        if (exists && kept != folder.Credentials)
        {
            folder.mustChangePassword = true;
        }

        return folder;
    }

    private bool mustChangePassword;

    /// <summary>In single-user mode, so that no old password is needed. The server must not run.</summary>
    public async Task ApplyPasswordAsync(CancellationToken cancellationToken)
    {
        if (!mustChangePassword)
        {
            return;
        }

        // While the file is missing, a start that was interrupted here sets the password again.
        Credentials.Delete(options.DataDirectory);
        var statement = $"ALTER ROLE \"{Credentials.UserName.Replace("\"", "\"\"", StringComparison.Ordinal)}\" PASSWORD '{Credentials.Password.Replace("'", "''", StringComparison.Ordinal)}'\n";
        var result = await Command.RunAsync([.. Prefix, Binaries.Server, "--single", "-D", Path, "-c", "exit_on_error=on", "postgres"], cancellationToken, statement);
        if (result.ExitCode != 0)
        {
            throw new PostgresStartException($"The password of {Credentials.UserName} could not be set in {Path}: {Redact(result.Output)}");
        }

        Credentials.Write(options.DataDirectory);
        mustChangePassword = false;
        Log.PasswordChanged(logger, Credentials.UserName);
    }

    /// <summary>Makes the cluster beside its place and renames it, so that a start that was killed midway leaves nothing half-made.</summary>
    private async Task MakeAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists(Path) && Directory.EnumerateFileSystemEntries(Path).Any())
        {
            throw new PostgresStartException($"{Path} holds something else than a PostgreSQL cluster: choose another data folder.");
        }

        var unfinished = Path + ".new";
        Delete(unfinished);
        Directory.CreateDirectory(unfinished);
        var passwordFile = System.IO.Path.Combine(options.DataDirectory, "initial-password");
        try
        {
            Credentials.WriteSecret(passwordFile, Credentials.Password + "\n");
            if (user is not null)
            {
                await user.OwnAsync(passwordFile, cancellationToken);
            }

            await HandOverAsync(unfinished, cancellationToken);
            await InitDbAsync(unfinished, passwordFile, cancellationToken);
        }
        finally
        {
            File.Delete(passwordFile);
        }

        Credentials.Write(options.DataDirectory);
        Delete(Path);
        Directory.Move(unfinished, Path);
        Log.ClusterMade(logger, Binaries.Version, Path);
    }

    private async Task InitDbAsync(string folder, string passwordFile, CancellationToken cancellationToken)
    {
        // Without --no-sync, initdb forces every file to the disk (seconds on a slow one); the system does so by itself soon after.
        string[] arguments = ["-D", folder, "--username=" + Credentials.UserName, "--pwfile=" + passwordFile, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"];
        var result = await Command.RunAsync([.. Prefix, Binaries.InitDb, .. arguments], cancellationToken);
        if (result.ExitCode != 0)
        {
            throw new PostgresStartException($"initdb of PostgreSQL {Binaries.Version} failed in {folder}: {result.Output.Trim()}");
        }
    }

    /// <summary>Lets the unprivileged user own the folder and finds out how it reaches it; nothing to do for an ordinary user.</summary>
    private async Task HandOverAsync(string folder, CancellationToken cancellationToken)
    {
        if (user is not null)
        {
            await user.OwnAsync(folder, cancellationToken);
            Prefix = await user.PrefixForAsync([folder, Binaries.Folder], cancellationToken);
        }
    }

    private static int MajorOf(string dataDirectory)
    {
        var path = System.IO.Path.Combine(PathIn(dataDirectory), "PG_VERSION");
        try
        {
            var text = File.ReadAllText(path).Trim();
            return int.TryParse(text, out var major) ? major : throw new PostgresStartException($"{path} says '{text}', which is no version of PostgreSQL.");
        }
        catch (UnauthorizedAccessException e)
        {
            throw new PostgresStartException($"{path} cannot be read by the user {Environment.UserName}: the folder belongs to another user; choose another one.", e);
        }
    }

    private string Redact(string output) => output.Replace(Credentials.Password, "…", StringComparison.Ordinal).Trim();

    private static string PathIn(string dataDirectory) => System.IO.Path.Combine(dataDirectory, "cluster");

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
