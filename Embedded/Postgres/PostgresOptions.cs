namespace Streaming.Embedded.Postgres;

/// <summary>What a <see cref="PostgresServer"/> is started with.</summary>
public sealed record PostgresOptions
{
    /// <summary>The environment variable that hands the executable its password: arguments can be read by anybody.</summary>
    public const string PasswordVariable = "STREAMING_POSTGRES_PASSWORD";

    /// <summary>Folder of this server: its cluster, its password, its lock. Created when it does not exist, kept when the server stops.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>TCP port on 127.0.0.1; 0 picks a free one.</summary>
    public int Port { get; init; }

    /// <summary>Name of the superuser; fixed when the cluster is made.</summary>
    public string UserName { get; init; } = "postgres";

    /// <summary>The superuser's password. Null: a random one, made with the cluster and kept beside it. Another one than before replaces it.</summary>
    public string? Password { get; init; }

    /// <summary>False gives up durability for speed (fsync, full_page_writes and synchronous_commit off): for tests on data that may be lost.</summary>
    public bool Fsync { get; init; } = true;

    /// <summary>How long the server may take to accept connections, recovery after a crash included.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a stop waits for a clean shutdown before the server is killed (the next start then recovers).</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <exception cref="ArgumentException">A value cannot be used; the message names the option and the value.</exception>
    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(DataDirectory);
        if (Port is < 0 or > 65535)
        {
            throw new ArgumentException($"{nameof(Port)} must lie in 0..65535, not {Port}.");
        }

        if (string.IsNullOrEmpty(UserName) || UserName.Length > 63 || UserName.StartsWith("pg_", StringComparison.Ordinal) || UserName.Any(char.IsControl))
        {
            throw new ArgumentException($"{nameof(UserName)} must have 1 to 63 characters, none a control character, and not begin with pg_, unlike '{UserName}'.");
        }

        if (Password is not null && (Password.Length == 0 || Password.AsSpan().ContainsAny('\r', '\n', '\0')))
        {
            throw new ArgumentException($"{nameof(Password)} must not be empty nor hold a line break.");
        }

        if (StartTimeout <= TimeSpan.Zero || StopTimeout <= TimeSpan.Zero)
        {
            throw new ArgumentException($"{nameof(StartTimeout)} ({StartTimeout}) and {nameof(StopTimeout)} ({StopTimeout}) must be positive.");
        }
    }
}
