using System.Text;
using Streaming.Contracts;
using Streaming.Contracts.Iot;
using Streaming.Producer.Scenarios;
using Streaming.Producer.Scenarios.Iot;

namespace Streaming.Producer.Tests.Iot;

public sealed class HeartbeatGeneratorTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 30, 0, TimeSpan.Zero);
    private static readonly TimeSpan Gap = TimeSpan.FromMinutes(1);

    [Fact]
    public void The_same_seed_gives_the_same_records_and_another_seed_others()
    {
        Assert.Equal(Take(new() { Seed = 7 }, 5_000).Select(Text), Take(new() { Seed = 7 }, 5_000).Select(Text));
        Assert.NotEqual(Take(new() { Seed = 7 }, 100).Select(Text), Take(new() { Seed = 8 }, 100).Select(Text));
    }

    [Fact]
    public void Records_come_in_the_order_in_which_they_are_sent_each_keyed_by_its_device()
    {
        var records = Take(new(), 20_000);

        Assert.True(records.Zip(records.Skip(1)).All(pair => pair.First.SentAt <= pair.Second.SentAt));
        Assert.All(records, record => Assert.Equal((Topics.DeviceEvents.Name, true), (record.Topic, DeviceIds.SiteOf(Encoding.UTF8.GetString(record.Key!)) is not null)));
    }

    [Fact]
    public void Two_thousand_devices_at_all_sites_send_about_two_hundred_records_a_second()
    {
        var minute = Take(new(), Start.AddMinutes(1));

        Assert.InRange(minute.Count, 11_000, 12_600);
        Assert.InRange(minute.Select(Device).Distinct().Count(), 1900, 2000);
        Assert.Equal(Site.All.Count, minute.Select(record => DeviceIds.SiteOf(Device(record))).Distinct().Count());
    }

    [Fact]
    public void Every_record_is_a_heartbeat_that_the_pipelines_take_unless_it_is_broken()
    {
        var records = Take(new() { BrokenShare = 0.1, Devices = 100 }, 20_000);

        var broken = records.Where(record => Decode(record) is null or { Ts: > 1_800_000_000_000 }).ToList();

        Assert.InRange(broken.Count, 1700, 2300);
        var reasons = broken.Select(Reason).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(["absurd-battery", "absurd-temperature", "key-mismatch", "malformed", "taken"], reasons);
    }

    [Fact]
    public void Out_of_order_and_late_shares_are_as_configured()
    {
        var records = Take(new() { Devices = 500, OutOfOrderShare = 0.1, LateShare = 0.02, BrokenShare = 0 }, Start.AddMinutes(40));

        var delays = records.ConvertAll(record => record.SentAt.ToUnixTimeMilliseconds() - Decode(record)!.Ts);

        Assert.InRange(delays.Count(delay => delay is > 0 and <= 4_000) / (double)delays.Count, 0.09, 0.11);
        Assert.InRange(delays.Count(delay => delay >= 240_000) / (double)delays.Count, 0.013, 0.022);
        Assert.Equal(delays.Count, delays.Count(delay => delay is >= 0 and <= 4_000 or >= 240_000));
    }

    [Fact]
    public void Devices_go_silent_for_minutes_and_come_back_and_some_flap()
    {
        var options = new IotOptions { Devices = 300, ConnectedFor = TimeSpan.FromHours(1), FlappingShare = 0.1, BrokenShare = 0, LateShare = 0, OutOfOrderShare = 0 };

        var silences = Take(options, Start.AddHours(2)).GroupBy(Device)
            .Select(device => device.Select(record => record.SentAt).Zip(device.Skip(1).Select(record => record.SentAt), (a, b) => b - a).Where(silence => silence > Gap).ToList()).ToList();

        Assert.InRange(silences.Count(s => s.Count == 0), 10, 150);
        Assert.Contains(silences, s => s.Any(silence => silence > TimeSpan.FromMinutes(3)));
        // A flapping device loses its connection a dozen times, never for long.
        Assert.InRange(silences.Count(s => s.Count >= 10), 15, 45);
        Assert.All(silences.Where(s => s.Count >= 12), s => Assert.All(s, silence => Assert.True(silence < TimeSpan.FromMinutes(4))));
    }

    [Fact]
    public void Batteries_drain_are_replaced_and_know_nothing_of_a_restart()
    {
        var options = new IotOptions { Devices = 50, HeartbeatInterval = TimeSpan.FromHours(1), BrokenShare = 0, LateShare = 0, OutOfOrderShare = 0, FlappingShare = 0, SilentFor = TimeSpan.FromSeconds(1) };
        var month = Take(options, Start.AddDays(30)).ConvertAll(record => Decode(record)!);

        var replaced = month.GroupBy(beat => beat.DeviceId).Count(device => device.Zip(device.Skip(1)).Any(pair => pair.Second.Battery > pair.First.Battery + 50));
        Assert.InRange(replaced, 25, 50);
        Assert.All(month, beat => Assert.InRange(beat.Battery, 4m, 100m));

        var later = Start.AddDays(3);
        var before = month.Where(beat => beat.Ts >= later.ToUnixTimeMilliseconds()).DistinctBy(beat => beat.DeviceId).ToDictionary(beat => beat.DeviceId);
        var again = new HeartbeatGenerator(options).From(later).Take(40).Select(record => Decode(record)!);
        Assert.All(again, beat => Assert.InRange(beat.Battery - before[beat.DeviceId].Battery, -5m, 97m));
        Assert.True(again.Count(beat => Math.Abs(beat.Battery - before[beat.DeviceId].Battery) < 5m) > 35);
    }

    [Fact]
    public void Temperature_follows_the_site_and_the_hour()
    {
        Assert.All(Site.All, site => Assert.InRange(Enumerable.Range(0, 24).Average(hour => site.TemperatureAt(Start.AddHours(hour))), site.Mean - 0.01, site.Mean + 0.01));
        var bySite = Take(new() { BrokenShare = 0 }, 4_000).Select(record => Decode(record)!).ToLookup(beat => beat.Site);
        Assert.All(Site.All, site => Assert.InRange((double)bySite[site.Id].Average(beat => beat.Temperature), site.TemperatureAt(Start) - 0.5, site.TemperatureAt(Start) + 0.5));
    }

    [Fact]
    public void Options_without_meaning_are_refused_with_key_and_value()
    {
        IotOptions[] wrong =
        [
            new() { Devices = 0 }, new() { Devices = 100_001 }, new() { HeartbeatInterval = TimeSpan.Zero }, new() { History = TimeSpan.FromDays(2) },
            new() { ConnectedFor = TimeSpan.Zero }, new() { SilentFor = TimeSpan.Zero }, new() { FlappingShare = 1.1 }, new() { OutOfOrderShare = double.NaN },
            new() { LateShare = -0.1 }, new() { BrokenShare = 2 }, new() { LateShare = 0.6, BrokenShare = 0.6 },
        ];

        Assert.True(new IotOptionsValidator().Validate(null, new()).Succeeded);
        Assert.All(wrong, options => Assert.StartsWith("Producer:Iot", Assert.IsAssignableFrom<IEnumerable<string>>(new IotOptionsValidator().Validate(null, options).Failures).First()));
        Assert.Equal("Producer:Iot:Devices is 0; it must be from 1 to 100000.", new IotOptionsValidator().Validate(null, wrong[0]).FailureMessage);
    }

    private static List<OutgoingRecord> Take(IotOptions options, int count) => [.. new HeartbeatGenerator(options).From(Start).Take(count)];

    private static List<OutgoingRecord> Take(IotOptions options, DateTimeOffset until) => [.. new HeartbeatGenerator(options).From(Start).TakeWhile(record => record.SentAt < until)];

    private static string Device(OutgoingRecord record) => Encoding.UTF8.GetString(record.Key!);

    private static string Text(OutgoingRecord record) => $"{record.SentAt:O} {Device(record)} {Encoding.UTF8.GetString(record.Value!)}";

    private static Heartbeat? Decode(OutgoingRecord record) => HeartbeatJson.TryDecode(record.Key, record.Value, out var heartbeat, out _, out _) ? heartbeat : null;

    private static string Reason(OutgoingRecord record) => HeartbeatJson.TryDecode(record.Key, record.Value, out _, out var reason, out _) ? "taken" : reason;
}
