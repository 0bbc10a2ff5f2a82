using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Tests.Windowing;

/// <summary>What holds for every kind of windows.</summary>
public sealed class KindsExamples
{
    private static readonly long Earliest = new DateTimeOffset(3, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
    private static readonly long Latest = new DateTimeOffset(9997, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
    private static readonly TimeSpan Longest = WindowSpecs.Longest;

    public static TheoryData<WindowSpec> Kinds =>
    [
        WindowSpecs.Tumbling(TimeSpan.FromMinutes(1)), WindowSpecs.Hopping(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(7)),
        WindowSpecs.Cumulative(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(10)), WindowSpecs.Session(TimeSpan.FromSeconds(10)), WindowSpecs.Days("Europe/Zurich"),
    ];

    public static TheoryData<WindowSpec> LongestKinds =>
    [
        WindowSpecs.Tumbling(Longest), WindowSpecs.Hopping(Longest, Longest / 2), WindowSpecs.Cumulative(Longest, Longest / 366),
        WindowSpecs.Session(Longest), WindowSpecs.Days("Pacific/Kiritimati"), WindowSpecs.Days("Pacific/Pago_Pago"),
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_event_whose_key_is_known_in_its_window_allocates_nothing(WindowSpec kind)
    {
        WindowEngine engine = OneNumber.Engine(Plan(kind));
        engine.Add("a"u8, 1, 0, 0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 900; i++)
        {
            engine.Add("a"u8, 1, i, i);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [MemberData(nameof(LongestKinds))]
    public void Rows_at_both_ends_of_the_supported_years_are_instants(WindowSpec kind)
    {
        foreach (long time in new[] { Earliest, Latest - 1 })
        {
            WindowEngine engine = OneNumber.Engine(Plan(kind) with { Grace = Longest, OutOfOrderness = Longest });
            Assert.Equal(Verdict.Accepted, engine.Add("a"u8, 1, time, time));
            WindowRow row = Assert.Single(engine.TakeChanges().Open);
            Assert.Equal(row.Window, Window.Between(row.Window.Start, row.Window.End));
            Assert.True(row.Window.Contains(time));
        }
    }

    [Theory]
    [MemberData(nameof(LongestKinds))]
    public void A_jump_over_all_supported_years_closes_what_was_open_and_nothing_else(WindowSpec kind)
    {
        WindowEngine engine = OneNumber.Engine(Plan(kind));
        engine.Add("a"u8, 1, Earliest, Earliest);
        engine.TakeChanges();

        engine.Apply(new IdleMark(1, Latest - 1));

        ChangeSet changes = engine.TakeChanges();
        Assert.All(changes.Closed, row => Assert.Equal(1, row.Measures.Count));
        Assert.Equal(kind is SessionWindows ? 1 : WindowGrid.Of(kind).WindowsOver(WindowGrid.Of(kind).SliceOf(Earliest)).Count(), changes.Closed.Count);
        Assert.Equal((0, 0L), (engine.OpenWindows, engine.ApproximateBytes));
        Assert.Equal(VerdictKind.Late, engine.Add("a"u8, 1, Earliest, Earliest).Kind);
    }

    [Fact]
    public void Memory_goes_down_to_its_bound_and_what_was_touched_last_stays()
    {
        WindowEngine engine = OneNumber.Engine(Plan(WindowSpecs.Tumbling(TimeSpan.FromMinutes(1))));
        for (int round = 0; round < 10; round++)
        {
            engine.Add([(byte)round], 1, 0, 0);
            engine.TakeChanges();
        }

        long bound = engine.ApproximateBytes / 2;
        engine.Evict(bound);

        Assert.InRange(engine.ApproximateBytes, 1, bound);
        engine.Add([9], 1, 0, 0);
        Assert.Empty(engine.Missing);
        engine.Add([0], 1, 0, 0);
        MissingRow missing = Assert.Single(engine.Missing);
        Assert.Equal(new GroupKey([0]), missing.Key);
        Assert.Throws<InvalidOperationException>(() => engine.TakeChanges());
    }

    private static WindowPlan Plan(WindowSpec kind) => new([kind], TimeSpan.Zero, TimeSpan.Zero, Longest);
}
