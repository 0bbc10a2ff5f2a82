using System.Data.Common;
using Npgsql;

namespace Streaming.Aggregator.Checkpoints;

/// <summary>Which failures of PostgreSQL pass by themselves.</summary>
internal static class CheckpointErrors
{
    /// <summary>
    /// True for a server that is away, stopping, full or busy; false for a statement or a value that it will refuse again (SQLSTATE classes:
    /// https://www.postgresql.org/docs/current/errcodes-appendix.html).
    /// </summary>
    public static bool MayPass(Exception exception) => exception switch
    {
        PostgresException { SqlState: [var a, var b, ..] } => !IsPermanent($"{a}{b}"),
        DbException or TimeoutException or IOException => true,
        _ => false,
    };

    // 0A not supported, 22 data, 23 integrity, 42 syntax or access. Not 28 or 3D: a server that is being set up says so for a while.
    private static bool IsPermanent(string sqlClass) => sqlClass is "0A" or "22" or "23" or "42";
}
