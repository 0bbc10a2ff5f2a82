namespace Streaming.Embedded.Postgres.Processes;

/// <summary>
/// PostgreSQL refuses to run as root. When this process is root, <c>initdb</c> and <c>postgres</c> run as the user postgres, or else nobody,
/// by setpriv or runuser (both of util-linux).
/// </summary>
internal sealed class UnprivilegedUser
{
    private static readonly string[] ProgramFolders = ["/usr/bin", "/bin", "/usr/sbin", "/sbin"];

    private readonly string name;
    private readonly string[] prefix;
    private readonly string[] prefixThroughAnyFolder;

    private UnprivilegedUser(string name, string[] prefix, string[] prefixThroughAnyFolder)
    {
        this.name = name;
        this.prefix = prefix;
        this.prefixThroughAnyFolder = prefixThroughAnyFolder;
    }

    /// <returns>Null where this process may run PostgreSQL itself.</returns>
    /// <exception cref="PostgresStartException">This is root, and there is no other user or no program to become it.</exception>
    public static UnprivilegedUser? Find()
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
        {
            return null;
        }

        var users = File.Exists("/etc/passwd") ? File.ReadAllLines("/etc/passwd").Select(line => line.Split(':')).Where(f => f.Length >= 4).ToList() : [];
        var user = users.Find(f => f[0] == "postgres") ?? users.Find(f => f[0] == "nobody");
        if (user is null || user[2] == "0")
        {
            throw new PostgresStartException("PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody: run as an ordinary user.");
        }

        if (InPath("setpriv") is { } setpriv)
        {
            string[] prefix = [setpriv, "--reuid=" + user[2], "--regid=" + user[3], "--clear-groups"];
            return new UnprivilegedUser(user[0], prefix, [.. prefix, "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]);
        }

        if (InPath("runuser") is { } runuser)
        {
            string[] prefix = [runuser, "-u", user[0], "--"];
            return new UnprivilegedUser(user[0], prefix, prefix);
        }

        throw new PostgresStartException("PostgreSQL does not run as root, and neither setpriv nor runuser is here to become another user: run as an ordinary user, or install util-linux.");
    }

    /// <summary>Makes the user the owner of a folder and all in it.</summary>
    public async Task OwnAsync(string folder, CancellationToken cancellationToken)
    {
        var result = await Command.RunAsync(["chown", "-R", prefix[1] is "-u" ? name + ":" : $"{Id(prefix[1])}:{Id(prefix[2])}", folder], cancellationToken);
        if (result.ExitCode != 0)
        {
            throw new PostgresStartException($"{folder} cannot be given to the user {name}: {result.Output.Trim()}");
        }
    }

    /// <summary>
    /// What must stand before a command so that it runs as the user and reaches these folders. A parent that only root may enter (such as /root) is
    /// passed with the capability to search folders, where the system grants it.
    /// </summary>
    /// <exception cref="PostgresStartException">A folder stays out of reach.</exception>
    public async Task<string[]> PrefixForAsync(IEnumerable<string> folders, CancellationToken cancellationToken)
    {
        var wanted = folders.ToList();
        if (await ReachesAsync(prefix, wanted, cancellationToken) is null)
        {
            return prefix;
        }

        return await ReachesAsync(prefixThroughAnyFolder, wanted, cancellationToken) is not { } closed
            ? prefixThroughAnyFolder
            : throw new PostgresStartException(
                $"PostgreSQL runs as the user {name} (it refuses root), and that user cannot enter {closed}: let it pass through the parent folders (chmod o+x), or choose another folder.");
    }

    private static async Task<string?> ReachesAsync(string[] prefix, IEnumerable<string> folders, CancellationToken cancellationToken)
    {
        foreach (var folder in folders)
        {
            if ((await Command.RunAsync([.. prefix, "sh", "-c", "cd \"$0\"", folder], cancellationToken)).ExitCode != 0)
            {
                return folder;
            }
        }

        return null;
    }

    private static string Id(string argument) => argument[(argument.IndexOf('=', StringComparison.Ordinal) + 1)..];

    private static string? InPath(string program) =>
        ProgramFolders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
