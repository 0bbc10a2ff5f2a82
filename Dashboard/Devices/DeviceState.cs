using System.Collections.Immutable;
using Streaming.Contracts.Iot;
using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Pipelines;

namespace Streaming.Dashboard.Devices;

/// <summary>What is known of a device last, all by event time. What is unknown is null.</summary>
/// <param name="Id">Its id, as somebody sent it.</param>
/// <param name="LastSeen">Its newest heartbeat.</param>
/// <param name="ConnectedSince">When the newest connected period began; null when that one is not known yet.</param>
/// <param name="Temperature">In the newest heartbeat, °C.</param>
/// <param name="Battery">In the newest heartbeat, percent.</param>
/// <param name="IsConnected">Whether that heartbeat is no older than the gap that ends a connected period.</param>
/// <param name="IsAlerting">Whether it is reported as silent.</param>
public sealed record DeviceState(
    string Id, DateTimeOffset LastSeen, DateTimeOffset? ConnectedSince, double? Temperature, double? Battery, bool IsConnected, bool IsAlerting)
{
    /// <summary>Where it stands; its id says so.</summary>
    public string Site { get; } = DeviceIds.SiteOf(Id) ?? "";
}

/// <summary>All devices at one moment; immutable, shared by all browsers.</summary>
public sealed record FleetSnapshot
{
    /// <summary>Before the first answer.</summary>
    public static FleetSnapshot Empty { get; } = new();

    /// <summary>Grows by one with every snapshot.</summary>
    public long Number { get; init; }

    public FeedHealth Health { get; init; } = new(FeedCondition.Starting, DateTimeOffset.UnixEpoch);

    /// <summary>When the newest answer arrived, by this machine's clock.</summary>
    public DateTimeOffset ReadAt { get; init; }

    /// <summary>The database's clock in that answer.</summary>
    public DateTimeOffset DatabaseTime { get; init; }

    /// <summary>Null before the first answer, and when there is no such pipeline.</summary>
    public PipelineInfo? Info { get; init; }

    /// <summary>About the newest event's time, which all ages are counted from; null before the first event.</summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>By id.</summary>
    public ImmutableArray<DeviceState> Devices { get; init; } = [];

    /// <summary>Whether the devices were read at least once.</summary>
    public bool IsRead { get; init; }

    public int Connected { get; init; }

    /// <summary>Of each site, how many devices are known and how many of them are connected.</summary>
    public ImmutableDictionary<string, (int Known, int Connected)> Sites { get; init; } = ImmutableDictionary<string, (int, int)>.Empty;

    /// <summary>The devices that are reported as silent and have not been heard of since, newest first.</summary>
    public ImmutableArray<DeviceState> Silent { get; init; } = [];

    /// <summary>The database's clock now, by what has passed here since it answered; how old <see cref="Now"/> is, is told by it.</summary>
    public DateTimeOffset DatabaseNow(DateTimeOffset here) => DatabaseTime + (here - ReadAt);

    /// <summary>The device of this id; null when it is not known.</summary>
    public DeviceState? Find(string id)
    {
        var (low, high) = (0, Devices.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            switch (string.CompareOrdinal(Devices[middle].Id, id))
            {
                case 0:
                    return Devices[middle];
                case < 0:
                    low = middle + 1;
                    break;
                default:
                    high = middle - 1;
                    break;
            }
        }

        return null;
    }
}
