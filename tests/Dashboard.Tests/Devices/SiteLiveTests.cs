using System.Collections.Immutable;
using Streaming.Contracts.Pipelines;
using Streaming.Contracts.Windows;
using Streaming.Dashboard.Devices;
using Streaming.Dashboard.Pipelines;

namespace Streaming.Dashboard.Tests.Devices;

/// <summary>What was read and what is pushed make one range, whatever happens in between, and each event is in it once.</summary>
public sealed class SiteLiveTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly PipelineDescription Description = SiteSamples.Sites();

    [Theory]
    [InlineData(15)]
    [InlineData(60)]
    [InlineData(24 * 60)]
    public async Task Pushed_windows_continue_what_was_read_without_a_gap_and_without_a_double(int spanMinutes)
    {
        var seed = Environment.TickCount;
        var stage = new Stage(TimeSpan.FromMinutes(spanMinutes), new Random(seed));
        for (var i = 0; i < 150; i++)
        {
            var period = (await stage.NextAsync())!;
            stage.AssertEqualsWhatIsStored(period, $"seed {seed}, step {i}");
        }

        Assert.True(stage.Reads < 150, $"read {stage.Reads} times");
    }

    [Fact]
    public async Task Once_everything_before_the_seam_is_final_nothing_is_read_again_while_time_goes_on()
    {
        var stage = new Stage(TimeSpan.FromHours(1), new Random(1)) { IsSteady = true };
        await stage.NextAsync();
        var reads = stage.Reads;

        for (var i = 0; i < 100; i++)
        {
            await stage.NextAsync();
        }

        // Some minutes have passed: only the regular reading anew.
        Assert.InRange(stage.Reads - reads, 0, 5);
    }

    [Fact]
    public async Task Before_the_first_event_nothing_is_known()
    {
        var live = new SiteLive((_, _, _, _) => Task.FromResult(ImmutableArray<SlotCells>.Empty), (info, description) => new SiteFold(info, description, 10, 1000), Minute, TimeProvider.System);

        Assert.Null(await live.ApplyAsync(PipelineSnapshot.Empty, CancellationToken.None));
        Assert.Null(await live.ApplyAsync(Stage.Snapshot(SiteSamples.Info(Description, null), []), CancellationToken.None));
    }

    [Fact]
    public void Too_many_sites_are_refused_and_not_held()
    {
        var info = SiteSamples.Info(Description, Samples.Noon);
        var range = Window.Between(Samples.Noon, Samples.Noon + Minute);
        var fold = new SiteFold(info, Description, maxCells: 100, maxBytes: 1_000_000);
        var stretch = new Stretch(SitePast.LevelsOf(Description)[0], range, 60_000);

        Assert.Throws<Dashboard.Queries.RangeTooLargeException>(() =>
        {
            for (var i = 0; i < 101; i++)
            {
                fold.Add(stretch, SiteSamples.Site($"site-{i}", range, [2000]));
            }
        });
    }

    [Fact]
    public void What_cannot_be_read_of_a_row_is_unknown_and_no_zero()
    {
        var info = SiteSamples.Info(Description, Samples.Noon.AddHours(1));
        var range = Window.Between(Samples.Noon, Samples.Noon + Minute);
        var fold = new SiteFold(info, Description, 100, 1_000_000);
        var stretch = new Stretch(SitePast.LevelsOf(Description)[0], range, 60_000);
        fold.Add(stretch, SiteSamples.Site("a", range, [2000, 3000]));
        fold.Add(stretch, SiteSamples.Site("a", range, [4000], partition: 1) with { StateBytes = [1, 2] });

        var period = SitePeriod.Of(Description.Measures, fold.Slots([stretch]))!;

        var reading = period.Totals["a"];
        Assert.Equal((3, 20, 40, 30, null, null), (reading.Events, reading.Min, reading.Max, reading.Mean, reading.P95, reading.Devices));
        Assert.Equal(reading, period.Total);
    }

    private sealed class HandTime : TimeProvider
    {
        private DateTimeOffset _now = Samples.Noon;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => _now;

        public override long GetTimestamp() => _now.UtcTicks;

        public void Advance(TimeSpan by) => _now += by;
    }

    /// <summary>A table of rows in memory, the feed's horizon over it, and a clock that goes on.</summary>
    private sealed class Stage
    {
        private readonly Dictionary<(string Site, Window Window, int Partition), StoredRow> _table = [];
        private readonly HandTime _time = new();
        private readonly Random _random;
        private readonly SiteLive _live;
        private readonly TimeSpan _span;
        private DateTimeOffset _watermark = Samples.Noon;
        private int _number;

        public Stage(TimeSpan span, Random random)
        {
            (_span, _random) = (span, random);
            _live = new SiteLive(ReadAsync, (info, description) => new SiteFold(info, description, 100_000, 100_000_000), span, _time);
            // A day and a half of history.
            for (var at = _watermark.AddHours(-36); at < _watermark; at += Minute)
            {
                Put(at, 1);
            }
        }

        public int Reads { get; private set; }

        /// <summary>No jumps and no standstills.</summary>
        public bool IsSteady { get; init; }

        public Task<SitePeriod?> NextAsync()
        {
            var step = _random.Next(20) switch
            {
                0 when !IsSteady => TimeSpan.FromMinutes(_random.Next(200)),
                1 when !IsSteady => TimeSpan.Zero,
                _ => TimeSpan.FromSeconds(_random.Next(25)),
            };
            for (var at = _watermark; at <= _watermark + step; at += TimeSpan.FromSeconds(20))
            {
                Put(at, _random.Next(3));
            }

            _watermark += step;
            _time.Advance(step);
            return _live.ApplyAsync(Snapshot(SiteSamples.Info(Description, _watermark, partitions: 2), Held(), _time.GetUtcNow()), CancellationToken.None);
        }

        public void AssertEqualsWhatIsStored(SitePeriod period, string because)
        {
            var slots = period.Slots;
            Assert.True(slots.Zip(slots.Skip(1)).All(pair => pair.First.Window.EndMs == pair.Second.Window.StartMs), because);
            var newest = (_watermark + Description.OutOfOrderness).ToUnixTimeMilliseconds();
            Assert.True(slots[^1].Window.Contains(newest), because);
            var oldest = newest + 1 - (long)_span.TotalMilliseconds;
            Assert.True(slots[0].Window.Contains(oldest), because);
            foreach (var slot in slots)
            {
                var rows = _table.Values.Where(row => slot.Window.Contains(row.Window.StartMs)).ToList();
                Assert.True((slot.All?.Events ?? 0) == rows.Sum(row => row.Basic.Count), $"{because}: slot {slot.Window.Start:O} has {slot.All?.Events}, stored are {rows.Sum(row => row.Basic.Count)}");
                Assert.Equal(rows.Count == 0 ? null : rows.Max(row => row.Basic.Max) / 100.0, slot.All?.Max);
                Assert.Equal(rows.Any(row => Row(row).IsFinal is false) || slot.Window.EndMs + 10_000 > _watermark.ToUnixTimeMilliseconds(), slot.IsProvisional);
            }

            var all = _table.Values.Where(row => row.Window.StartMs >= slots[0].Window.StartMs).ToList();
            Assert.Equal(all.Sum(row => row.Basic.Count), period.Total?.Events ?? 0);
            Assert.Equal(all.GroupBy(row => row.Id.Key).ToDictionary(site => site.Key, site => site.Sum(row => row.Basic.Count)), period.Totals.ToDictionary(site => site.Key, site => site.Value.Events));
        }

        public static PipelineSnapshot Snapshot(PipelineInfo info, IEnumerable<StoredRow> rows, DateTimeOffset? now = null) => new()
        {
            Info = info,
            Spec = SiteSamples.Minutes,
            DatabaseTime = now ?? Samples.Noon,
            Held = PipelineSnapshot.Empty.Held.AddRange(rows.GroupBy(row => row.Window).Select(same => KeyValuePair.Create(same.Key, new WindowRows(same.ToImmutableDictionary(row => row.Id))))),
        };

        private IEnumerable<StoredRow> Held() => _table.Values.Where(row => row.Window.Start >= _watermark - SiteSamples.Minutes.Horizon()).Select(Row);

        private StoredRow Row(StoredRow row) => row with { IsFinal = row.Window.End.AddSeconds(10) <= _watermark };

        /// <summary>Adds to a window that has not closed; closed ones never change.</summary>
        private void Put(DateTimeOffset at, int sites)
        {
            var window = WindowGrid.Of(SiteSamples.Minutes).SliceOf(at.ToUnixTimeMilliseconds());
            for (var site = 0; site < sites; site++)
            {
                var key = ($"site-{site}", window, _random.Next(2));
                long[] more = [1000 + _random.Next(2000)];
                var before = _table.GetValueOrDefault(key);
                if (window.End.AddSeconds(10) > _watermark || before is null && _number == 0)
                {
                    var row = SiteSamples.Site(key.Item1, window, more, key.Item3);
                    _table[key] = before is null ? row : row with { Basic = before.Basic.Merge(row.Basic) };
                }
            }
        }

        private Task<ImmutableArray<SlotCells>> ReadAsync(PipelineInfo info, PipelineDescription description, ImmutableArray<Stretch> stretches, CancellationToken cancellationToken)
        {
            Reads++;
            _number++;
            var fold = new SiteFold(info, description, 100_000, 100_000_000);
            foreach (var stretch in stretches)
            {
                Assert.Equal("1m", stretch.Level.Windows.Name);
                foreach (var row in _table.Values)
                {
                    fold.Add(stretch, Row(row));
                }
            }

            return Task.FromResult(fold.Slots(stretches));
        }
    }
}
