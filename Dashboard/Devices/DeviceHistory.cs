using System.Collections.Immutable;
using Npgsql;
using Streaming.Dashboard.Pipelines;
using static Streaming.Dashboard.Pipelines.PipelineRows;

namespace Streaming.Dashboard.Devices;

/// <summary>A connected period of a device: from its first heartbeat to its last.</summary>
/// <param name="From">The first.</param>
/// <param name="To">The last.</param>
/// <param name="IsOpen">Whether it may still go on.</param>
/// <param name="Heartbeats">How many.</param>
public sealed record ConnectedPeriod(DateTimeOffset From, DateTimeOffset To, bool IsOpen, long Heartbeats);

/// <summary>The connected periods of a device in a range of time.</summary>
/// <param name="Periods">Oldest first; those that lie in the range or reach into it.</param>
/// <param name="IsCut">Whether there are more, earlier ones.</param>
public sealed record DevicePeriods(ImmutableArray<ConnectedPeriod> Periods, bool IsCut);

/// <summary>Reads the connected periods of one device.</summary>
public sealed class DeviceHistory(NpgsqlDataSource database)
{
    /// <summary>The most periods of an answer.</summary>
    public const int Most = 500;

    // The newest generation that has a period with this start: a former one's are covered by its.
    private const string Sql = """
        SELECT DISTINCT ON (window_start) window_start, window_end, count, is_final
        FROM window_results WHERE pipeline = $1 AND generation = ANY ($2) AND window_name = $3 AND NOT is_pane AND window_start < $5 AND window_end > $4 AND group_key = $6
        ORDER BY window_start DESC, generation DESC LIMIT $7
        """;

    /// <summary>The periods between two instants.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<DevicePeriods> ReadAsync(PipelineInfo info, string device, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(info);
        if (info.Description is not { } description || FleetReader.KindsOf(description) is not { } kinds)
        {
            return new DevicePeriods([], false);
        }

        await using var command = database.CreateCommand(Sql);
        command.Parameters.AddRange(new[]
        {
            Text(info.Name), Of(info.Covers().Select(c => c.Generation).ToArray()), Text(kinds.Sessions.Name), Of(from.UtcDateTime), Of(to.UtcDateTime), Text(device), Of(Most + 1),
        });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var periods = new List<ConnectedPeriod>();
        while (await rows.ReadAsync(cancellationToken))
        {
            periods.Add(new ConnectedPeriod(rows.GetFieldValue<DateTimeOffset>(0), rows.GetFieldValue<DateTimeOffset>(1) - kinds.Sessions.Gap, !rows.GetBoolean(3), rows.GetInt64(2)));
        }

        return new DevicePeriods([.. periods.Take(Most).Reverse()], periods.Count > Most);
    }
}
