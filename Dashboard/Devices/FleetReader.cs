using System.Collections.Immutable;
using Npgsql;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Pipelines;
using Streaming.Contracts.Windows;
using Streaming.Dashboard.Pipelines;
using static Streaming.Dashboard.Pipelines.PipelineRows;

namespace Streaming.Dashboard.Devices;

/// <summary>
/// Asks the database about devices. The newest connected period of each is read seldom, because all periods have to be looked at for it; in between, the small
/// windows of the last minutes say what has changed.
/// </summary>
public sealed class FleetReader(NpgsqlDataSource database, PipelineReader reader)
{
    /// <summary>The pipeline whose keys are the devices.</summary>
    public const string Pipeline = "devices";

    /// <summary>Most devices that are reported as silent.</summary>
    private const int MostFiring = 10_000;

    // Windows of the recent past that may still change, or have changed since the last look.
    private const int RecentWindows = 4;

    /// <summary>$1 pipeline, $2 generations, $3 kind. The newest is the one that ends last; of equal ones that of the newest generation.</summary>
    private const string Periods = """
        SELECT DISTINCT ON (group_key) group_key, window_start, window_end, count, sum, min, max, state, generation
        FROM window_results WHERE pipeline = $1 AND generation = ANY ($2) AND window_name = $3 AND NOT is_pane
        ORDER BY group_key, window_end DESC, generation DESC
        """;

    /// <summary>$1 pipeline, $2 generation, $3 kind, $4 first start, $5 to $7 versions seen by topic id and partition.</summary>
    private const string Recent = """
        SELECT w.group_key, w.window_start, w.window_end, w.count, w.sum, w.min, w.max, w.state, w.generation
        FROM window_results w
        LEFT JOIN unnest($5::uuid[], $6::int[], $7::bigint[]) AS seen (topic_id, partition, version) ON seen.topic_id = w.topic_id AND seen.partition = w.partition
        WHERE w.pipeline = $1 AND w.generation = $2 AND w.window_name = $3 AND w.window_start >= $4 AND NOT w.is_pane AND w.version > coalesce(seen.version, -1)
        """;

    private const string Firing = $"SELECT DISTINCT s.group_key FROM alert_states s WHERE s.pipeline = $1 AND s.generation = $2 AND s.is_firing AND {PipelineQueries.IsAlive} LIMIT $3";

    /// <summary>Everything, or what has changed since the partitions' checkpoints in <paramref name="seen"/>.</summary>
    /// <param name="seen">The pipeline as of an earlier answer; null to read everything.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal async Task<FleetAnswer> ReadAsync(PipelineInfo? seen, CancellationToken cancellationToken)
    {
        // Versions are read before rows: what is committed in between is read once more the next time, which changes nothing.
        var (time, pipelines) = await reader.ListAsync(cancellationToken);
        var info = pipelines.FirstOrDefault(p => p.Name == Pipeline);
        if (info?.Description is not { } description || KindsOf(description) is not { } kinds)
        {
            return new FleetAnswer(info, TimeSpan.Zero, [], [], ImmutableHashSet<string>.Empty, time);
        }

        var (sessions, recent) = kinds;
        var isAll = seen?.Description?.ToJson() != description.ToJson() || !seen.Covers().SequenceEqual(info.Covers());
        var plan = description.Measures;
        var periods = isAll ? await ReadAsync(Periods, plan, row => Period(row, plan, sessions), cancellationToken, Text(Pipeline), Of(info.Covers().Select(c => c.Generation).ToArray()), Text(sessions.Name)) : null;
        var changed = PipelineReader.NewestWatermark(info) is { } watermark
            ? await ReadAsync(Recent, plan, row => LastOf(row, plan), cancellationToken, RecentParameters(info, recent, watermark, isAll ? [] : seen!.Partitions))
            : [];
        return new FleetAnswer(info, sessions.Gap, periods, changed, await FiringAsync(info, cancellationToken), time);
    }

    /// <summary>The kinds of windows that tell connected periods and what is new; null when the definition has none.</summary>
    internal static (SessionWindows Sessions, TumblingWindows Recent)? KindsOf(PipelineDescription description) =>
        description.Windows.OfType<SessionWindows>().FirstOrDefault() is { } sessions && description.Windows.OfType<TumblingWindows>().MinBy(w => w.Size) is { } recent ? (sessions, recent) : null;

    private static NpgsqlParameter[] RecentParameters(PipelineInfo info, TumblingWindows recent, DateTimeOffset watermark, IEnumerable<PipelinePartition> seen)
    {
        List<PipelinePartition> partitions = [.. seen.Where(p => p.Source.Generation == info.Generation)];
        return
        [
            Text(info.Name), Of(info.Generation), Text(recent.Name), Of((watermark - (RecentWindows * recent.Size)).UtcDateTime),
            Of(partitions.ConvertAll(p => p.Source.TopicId).ToArray()), Of(partitions.ConvertAll(p => p.Source.Partition).ToArray()), Of(partitions.ConvertAll(p => p.Version).ToArray()),
        ];
    }

    private async Task<IReadOnlySet<string>> FiringAsync(PipelineInfo info, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Firing);
        command.Parameters.AddRange(new[] { Text(info.Name), Of(info.Generation), Of(MostFiring) });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var firing = new HashSet<string>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancellationToken))
        {
            firing.Add(rows.GetString(0));
        }

        return firing;
    }

    private async Task<List<DeviceRow>> ReadAsync(
        string sql, MeasurePlan plan, Func<NpgsqlDataReader, DeviceRow> read, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<DeviceRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>A session ends a gap after its last event.</summary>
    private static DeviceRow Period(NpgsqlDataReader row, MeasurePlan plan, SessionWindows sessions)
    {
        var (temperature, battery, _) = Measures(row, plan);
        return new DeviceRow(row.GetString(0), row.GetFieldValue<DateTimeOffset>(1), row.GetFieldValue<DateTimeOffset>(2) - sessions.Gap, temperature, battery);
    }

    private static DeviceRow LastOf(NpgsqlDataReader row, MeasurePlan plan)
    {
        var (temperature, battery, at) = Measures(row, plan);
        return new DeviceRow(row.GetString(0), null, at ?? row.GetFieldValue<DateTimeOffset>(1), temperature, battery);
    }

    /// <summary>A state that cannot be read (of another definition, or damaged) leaves the measures unknown.</summary>
    private static (double? Temperature, double? Battery, DateTimeOffset? At) Measures(NpgsqlDataReader row, MeasurePlan plan)
    {
        try
        {
            var basic = new BasicMeasures(row.GetInt64(3), (Int128)row.GetDecimal(4), row.GetInt64(5), row.GetInt64(6));
            var state = plan.NeedsState && !row.IsDBNull(7) ? MeasureState.Decode(plan, row.GetFieldValue<byte[]>(7)) : null;
            double? Value(string name) => plan.Find(name) is { } measure && MeasureReader.Read(plan, measure, basic, state) is { HasValue: true } value ? value.Number : null;
            return (Value("temperature_last"), Value("battery_last"), plan.Find("temperature_last") is { } last ? MeasureReader.TimeOf(last, state) : null);
        }
        catch (MeasureStateException)
        {
            return (null, null, null);
        }
    }
}
