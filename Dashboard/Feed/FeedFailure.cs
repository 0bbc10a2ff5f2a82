using Npgsql;

namespace Streaming.Dashboard.Feed;

/// <summary>What a failed question to the database means for those who look.</summary>
internal static class FeedFailure
{
    public static (FeedCondition Condition, string Reason) Of(Exception e)
    {
        // A refusal in the server's own words (wrong password, missing right) is another thing than a server that is gone.
        var refused = e is PostgresException { IsTransient: false } refusal && !IsShutdown(refusal);
        return (
            refused ? FeedCondition.Failing : FeedCondition.Reconnecting,
            e is PostgresException postgres ? $"The database answers: {postgres.MessageText}" : "The database cannot be reached.");
    }

    /// <summary>The tables are not there yet, or not those of this version.</summary>
    public static bool IsMissingTable(PostgresException e) => e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn;

    /// <summary>Class 57: the server is stopping or starting. 3D000: its database is still to be created.</summary>
    private static bool IsShutdown(PostgresException e) =>
        e.SqlState.StartsWith("57", StringComparison.Ordinal) || e.SqlState == PostgresErrorCodes.InvalidCatalogName;
}
