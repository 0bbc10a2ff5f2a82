using System.Data.Common;

namespace Streaming.Dashboard.Components;

/// <summary>Which failures of a question mean that the database is away or too slow, and not that something is wrong with the Dashboard.</summary>
internal static class NoAnswer
{
    /// <summary>EF Core wraps what may be over in a moment, such as a connection that is refused, unless it repeats the question.</summary>
    public static bool Is(Exception e) => e is DbException or TimeoutException or InvalidOperationException { InnerException: DbException or TimeoutException };
}
