using System.Collections.Immutable;

namespace Streaming.Dashboard.Pipelines;

/// <summary>What one question about a pipeline brought.</summary>
/// <param name="DatabaseTime">The database's clock when it answered.</param>
/// <param name="Info">Null: there is no such pipeline.</param>
/// <param name="Epoch">What the rows depend on besides; with another one, everything held is outdated.</param>
/// <param name="IsReload">Whether <paramref name="Rows"/> are all rows and not only those beyond the cursor.</param>
/// <param name="Rows">Newest first.</param>
/// <param name="IsCut">Whether there were more rows than may be held; the oldest are missing.</param>
/// <param name="Removed">Rows that ceased to be; before <paramref name="Rows"/>.</param>
/// <param name="Alerts">All of them, each time.</param>
public sealed record PipelineChanges(
    DateTimeOffset DatabaseTime,
    PipelineInfo? Info,
    string Epoch,
    bool IsReload,
    IReadOnlyList<StoredRow> Rows,
    bool IsCut,
    IReadOnlyList<RemovedRow> Removed,
    PipelineAlerts Alerts);

/// <summary>What has been seen already: rows with a larger version are new.</summary>
/// <param name="Epoch">What the versions belong to.</param>
/// <param name="Versions">The newest version seen of each partition.</param>
public sealed record PipelineCursor(string? Epoch, ImmutableDictionary<RowSource, long> Versions)
{
    /// <summary>Nothing seen.</summary>
    public static PipelineCursor Start { get; } = new(null, ImmutableDictionary<RowSource, long>.Empty);
}
