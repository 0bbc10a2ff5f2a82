using System.Collections.Immutable;
using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Pipelines;

namespace Streaming.Dashboard.Devices;

/// <summary>A connected period of a device, or a part of one.</summary>
/// <param name="Device">Its id.</param>
/// <param name="From">Its first heartbeat; null when the row says nothing of it.</param>
/// <param name="LastSeen">Its last heartbeat.</param>
internal readonly record struct DeviceRow(string Device, DateTimeOffset? From, DateTimeOffset LastSeen, double? Temperature, double? Battery);

/// <summary>An answer about the devices.</summary>
/// <param name="Info">The pipeline; null when it is not there.</param>
/// <param name="Gap">Silence of this length ends a connected period.</param>
/// <param name="Periods">The newest connected period of each device; null when only the recent rows were asked for.</param>
/// <param name="Recent">What the newest windows say of the devices that sent something, in any order.</param>
/// <param name="Firing">The devices that are reported as silent.</param>
/// <param name="DatabaseTime">The database's clock; null when it did not say.</param>
internal sealed record FleetAnswer(
    PipelineInfo? Info, TimeSpan Gap, IReadOnlyList<DeviceRow>? Periods, IReadOnlyList<DeviceRow> Recent, IReadOnlySet<string> Firing, DateTimeOffset? DatabaseTime = null);

/// <summary>Folds answers about devices into snapshots. Pure: no clock, no socket.</summary>
internal sealed class FleetState
{
    private Dictionary<string, DeviceState> _devices = new(StringComparer.Ordinal);

    public FleetSnapshot Snapshot { get; private set; } = FleetSnapshot.Empty;

    /// <summary>Takes in an answer that arrived at <paramref name="readAt"/>.</summary>
    public FleetSnapshot Apply(FleetAnswer answer, DateTimeOffset readAt)
    {
        if (answer.Periods is { } periods)
        {
            _devices = new(periods.Count, StringComparer.Ordinal);
            Take(periods, answer.Gap);
        }

        Take(answer.Recent, answer.Gap);
        DateTimeOffset? now = answer.Info is { Description: { } description } info ? PipelineReader.NewestWatermark(info) + description.OutOfOrderness : null;
        var devices = _devices.Values.Select(device => device with { IsConnected = now - device.LastSeen < answer.Gap, IsAlerting = answer.Firing.Contains(device.Id) })
            .OrderBy(device => device.Id, StringComparer.Ordinal).ToImmutableArray();
        return Snapshot = new FleetSnapshot
        {
            Number = Snapshot.Number + 1,
            Health = Since(FeedCondition.Live, readAt, null),
            ReadAt = readAt,
            DatabaseTime = answer.DatabaseTime ?? readAt,
            Info = answer.Info,
            Now = now,
            Devices = devices,
            IsRead = Snapshot.IsRead || answer.Periods is not null,
            Connected = devices.Count(device => device.IsConnected),
            Sites = devices.GroupBy(device => device.Site, StringComparer.Ordinal).ToImmutableDictionary(site => site.Key, site => (site.Count(), site.Count(device => device.IsConnected)), StringComparer.Ordinal),
            // Who is back is reported until the window in which it came back has closed.
            Silent = [.. devices.Where(device => device is { IsAlerting: true, IsConnected: false }).OrderByDescending(device => device.LastSeen).ThenBy(device => device.Id, StringComparer.Ordinal)],
        };
    }

    /// <summary>Keeps the data and changes what is said about the connection.</summary>
    public FleetSnapshot Report(FeedCondition condition, DateTimeOffset now, string? reason) =>
        Snapshot = Snapshot with { Number = Snapshot.Number + 1, Health = Since(condition, now, reason) };

    private void Take(IReadOnlyList<DeviceRow> rows, TimeSpan gap)
    {
        foreach (var row in rows)
        {
            var known = _devices.GetValueOrDefault(row.Device);
            if (known is not null && row.LastSeen < known.LastSeen)
            {
                continue;
            }

            // A row of a window does not say when the connected period began: it goes on, or a new one has begun that is not read yet.
            var since = row.From ?? (known is not null && row.LastSeen - known.LastSeen < gap ? known.ConnectedSince : null);
            _devices[row.Device] = new DeviceState(row.Device, row.LastSeen, since, row.Temperature, row.Battery, IsConnected: false, IsAlerting: false);
        }
    }

    private FeedHealth Since(FeedCondition condition, DateTimeOffset now, string? reason) =>
        new(condition, Snapshot.Health.Condition == condition ? Snapshot.Health.Since : now, reason);
}
