using System.Collections.Immutable;
using Streaming.Dashboard.Devices;
using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Tests.Devices;

public sealed class FleetStateTests
{
    private static readonly TimeSpan Gap = TimeSpan.FromMinutes(1);
    private static readonly DateTimeOffset Noon = Samples.Noon;

    [Fact]
    public void Newest_heartbeat_counts_whichever_row_says_it()
    {
        var state = new FleetState();
        state.Apply(Answer(Noon, [Row("a-1", Noon.AddHours(-1), Noon.AddSeconds(-30), 20)], [Row("a-1", null, Noon.AddSeconds(-10), 21), Row("a-1", null, Noon.AddSeconds(-40), 19)]), Noon);

        var device = Assert.Single(state.Snapshot.Devices);

        Assert.Equal((21d, Noon.AddSeconds(-10), Noon.AddHours(-1), true), (device.Temperature, device.LastSeen, device.ConnectedSince!.Value, device.IsConnected));
    }

    [Fact]
    public void Device_that_is_back_after_the_gap_is_connected_since_nobody_knows_when_until_its_period_is_read()
    {
        var state = new FleetState();
        state.Apply(Answer(Noon, [Row("a-1", Noon.AddHours(-1), Noon.AddMinutes(-5), 20)], []), Noon);
        Assert.False(state.Snapshot.Devices[0].IsConnected);

        state.Apply(Answer(Noon, null, [Row("a-1", null, Noon, 21)]), Noon);
        Assert.Equal((true, null), (state.Snapshot.Devices[0].IsConnected, state.Snapshot.Devices[0].ConnectedSince));

        state.Apply(Answer(Noon, [Row("a-1", Noon, Noon, 21)], []), Noon);
        Assert.Equal(Noon, state.Snapshot.Devices[0].ConnectedSince);
    }

    [Fact]
    public void Reading_all_forgets_what_is_kept_no_more_and_reading_what_is_new_forgets_nothing()
    {
        var state = new FleetState();
        state.Apply(Answer(Noon, [Row("a-1", Noon, Noon, 20), Row("b-1", Noon, Noon, 20)], []), Noon);
        state.Apply(Answer(Noon, null, [Row("c-1", null, Noon, 20)]), Noon);
        Assert.Equal(["a-1", "b-1", "c-1"], state.Snapshot.Devices.Select(d => d.Id));

        state.Apply(Answer(Noon, [Row("b-1", Noon, Noon, 20)], []), Noon);
        Assert.Equal(["b-1"], state.Snapshot.Devices.Select(d => d.Id));
    }

    [Fact]
    public void Devices_are_found_by_id_counted_by_site_and_those_reported_come_newest_first()
    {
        var state = new FleetState();
        var rows = Enumerable.Range(0, 500).Select(i => Row($"site-{i % 7}-{i:000}", Noon, Noon.AddSeconds(-i), 20)).ToList();
        var snapshot = state.Apply(Answer(Noon, rows, [], "site-3-003", "site-2-450", "site-1-099"), Noon);

        Assert.All(rows, row => Assert.Equal(row.Device, snapshot.Find(row.Device)!.Id));
        Assert.Null(snapshot.Find("site-0-9"));
        Assert.Equal(500, snapshot.Sites.Values.Sum(site => site.Known));
        Assert.Equal(snapshot.Connected, snapshot.Sites.Values.Sum(site => site.Connected));
        Assert.InRange(snapshot.Connected, 60, 66);
        // The first of them is back; its alert ends when the window closes.
        Assert.Equal(["site-1-099", "site-2-450"], snapshot.Silent.Select(d => d.Id));
    }

    [Fact]
    public void Lost_connection_keeps_the_data_and_says_since_when()
    {
        var state = new FleetState();
        state.Apply(Answer(Noon, [Row("a-1", Noon, Noon, 20)], []), Noon);

        state.Report(FeedCondition.Reconnecting, Noon.AddSeconds(1), "gone");
        var snapshot = state.Report(FeedCondition.Reconnecting, Noon.AddSeconds(9), "gone");

        Assert.Equal((1, Noon.AddSeconds(1)), (snapshot.Devices.Length, snapshot.Health.Since));
    }

    [Theory]
    [InlineData(null, null, null, 4)]
    [InlineData("oslo", null, null, 2)]
    [InlineData("oslo", "-2", null, 1)]
    [InlineData(null, "OSLO", null, 2)]
    [InlineData(null, null, "connected", 2)]
    [InlineData(null, null, "silent", 2)]
    [InlineData(null, null, "battery", 1)]
    [InlineData(null, null, "nonsense", 4)]
    [InlineData("", null, null, 1)]
    public void Devices_are_filtered_by_site_text_and_state(string? site, string? find, string? only, int passed)
    {
        ImmutableArray<DeviceState> devices =
        [
            new("oslo-1", Noon, null, 20, 14.9, true, false), new("oslo-2", Noon, null, null, null, false, true), new("perth-1", Noon, null, 20, 15, true, false), new("none", Noon, null, 20, 99, false, false),
        ];

        Assert.Equal(passed, new DeviceFilter(site, find, only).Apply(devices).Count);
    }

    private static FleetAnswer Answer(DateTimeOffset now, IReadOnlyList<DeviceRow>? periods, IReadOnlyList<DeviceRow> recent, params string[] firing) =>
        new(SiteSamples.Info(SiteSamples.Fleet(), now - TimeSpan.FromSeconds(5)), Gap, periods, recent, firing.ToHashSet());

    private static DeviceRow Row(string device, DateTimeOffset? from, DateTimeOffset last, double temperature) => new(device, from, last, temperature, 50);
}
