namespace Streaming.Embedded.Postgres;

/// <summary>The server cannot be provided; the message says why and what to do. The cause is outside: the machine, the folder, its holder.</summary>
public sealed class PostgresStartException : Exception
{
    public PostgresStartException(string message)
        : base(message)
    {
    }

    public PostgresStartException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
