using FsCheck;
using FsCheck.Fluent;
using Streaming.Contracts.Measures;

namespace Streaming.Contracts.Tests.Measures;

/// <summary>What lies in the database, and what may lie there by accident or malice.</summary>
public class StateBytesTests
{
    private static readonly MeasurePlan Plan = Cases.Full;

    // Worked out from the documented form, apart from the code. A change of it needs a new format version.
    [Fact]
    public void Stored_states_keep_their_form()
    {
        Measured measured = Measured.Of(
            Plan, new Event([1_000, -5, 42], 0, 1_767_225_600_000, 7), new Event([-129, 0, 43], 0b010, 1_767_225_600_001, 8));
        string[] parts =
        [
            "01", // format version
            "E9A09FF0", // mark of the layout
            "00C1863E", // amount: squares
            "0180A0D5EDEE660ED00F", // amount: first
            "0182A0D5EDEE66108102", // amount: last
            "02801C01BD0301", // amount: sizes
            "01090909", // weight: totals
            "0019", // weight: squares
            "0180A0D5EDEE660E09", // weight: first
            "0180A0D5EDEE660E09", // weight: last
            "01FB1C01", // weight: sizes
            "00022A01", // customers
        ];
        Assert.Equal(string.Concat(parts), Convert.ToHexString(measured.State.Encode()));
    }

    [Fact]
    public void Changed_bytes_are_refused_or_are_a_state_of_their_own() => Claim.Holds(
        Arb.From(
            from events in Cases.Histories.Generator
            from changes in (from at in Gen.Choose(0, 1 << 20) from to in Gen.Choose(0, 255) from kind in Gen.Choose(0, 3) select (at, (byte)to, kind)).NonEmptyListOf()
            select (Bytes: Measured.Of(Plan, events).State.Encode(), Changes: changes.ToArray())),
        c =>
        {
            byte[] bytes = c.Changes.Take(3).Aggregate(c.Bytes, Change);
            if (Decode(bytes) is { } state)
            {
                Assert.Equal(bytes, state.Encode());
            }
        },
        tests: 1_000);

    [Fact]
    public void Any_bytes_behind_a_good_head_are_refused_or_a_state() => Claim.Holds(
        Arb.From(Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf()),
        tail =>
        {
            byte[] bytes = [.. new MeasureState(Plan).Encode()[..5], .. tail];
            if (Decode(bytes) is { } state)
            {
                Assert.Equal(bytes, state.Encode());
            }
        },
        tests: 1_000);

    [Fact]
    public void A_state_that_is_cut_off_anywhere_is_refused()
    {
        byte[] bytes = Measured.Of(Plan, Enumerable.Range(0, 300).Select(i => new Event([i, -i, i], 0, i, i))).State.Encode();
        Assert.All(Enumerable.Range(0, bytes.Length), length => Assert.Null(Decode(bytes[..length])));
        Assert.Null(Decode([.. bytes, 0]));
    }

    [Fact]
    public void A_state_of_another_plan_is_refused_and_one_of_renamed_measures_is_not()
    {
        byte[] bytes = Measured.Of(Plan, new Event([1, 2, 3], 0, 0, 0)).State.Encode();
        var fewer = new MeasurePlan(Plan.Fields, [.. Plan.Measures.Where(measure => measure.Kind != MeasureKind.Variance)]);
        var renamed = new MeasurePlan(Plan.Fields, [.. Plan.Measures.Select(measure => measure with { Name = "x_" + measure.Name })]);
        Assert.Throws<MeasureStateException>(() => MeasureState.Decode(fewer, bytes));
        Assert.Equal(bytes, MeasureState.Decode(renamed, bytes).Encode());
    }

    [Fact]
    public void Few_bytes_take_little_memory_whatever_they_promise()
    {
        MeasurePlan[] plans =
        [
            new([new("id", FieldKind.Identity, 0, null)], [new("ids", MeasureKind.Distinct, 0)]),
            new([new("value", FieldKind.Number, 0, null)], [new("p50", MeasureKind.Quantile, 0, 0.5)]),
        ];
        byte[][] promises = [[0xff, 0xff, 0xff, 0xff, 0x7f], [0, 0xff, 0xff, 0xff, 0xff, 0x7f], [0, 0x80, 0x02], [1], [0x80, 0x3a]];
        foreach (MeasurePlan plan in plans)
        {
            byte[] head = new MeasureState(plan).Encode()[..5];
            foreach (byte[] promise in promises)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                Assert.Throws<MeasureStateException>(() => MeasureState.Decode(plan, [.. head, .. promise]));
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16_384);
            }
        }
    }

    [Fact]
    public void Adding_allocates_nothing_once_the_sizes_are_known()
    {
        long[] values = new long[3];
        var state = new MeasureState(Plan);
        AddRound(state, values);
        long before = GC.GetAllocatedBytesForCurrentThread();
        AddRound(state, values);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void The_size_in_memory_is_about_what_is_said()
    {
        var states = new MeasureState[200];
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < states.Length; i++)
        {
            states[i] = new MeasureState(Plan);
        }

        double each = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)states.Length;
        Assert.InRange(states[0].ApproximateBytes, each * 0.7, each * 1.3);
    }

    private static void AddRound(MeasureState state, long[] values)
    {
        for (int i = 0; i < 5_000; i++)
        {
            (values[0], values[1], values[2]) = (i * i, -i, i);
            state.Add(new EventValues(values, 0, i, i));
        }
    }

    private static byte[] Change(byte[] bytes, (int At, byte To, int Kind) change)
    {
        // Past the head, whose change is refused at once.
        int at = 5 + (change.At % (bytes.Length - 5));
        return change.Kind switch
        {
            0 => [.. bytes[..at], change.To, .. bytes[at..]],
            1 => [.. bytes[..at], .. bytes[(at + 1)..], change.To],
            _ => [.. bytes[..at], change.To, .. bytes[(at + 1)..]],
        };
    }

    // Null when it is refused in the documented way; everything else fails the test.
    private static MeasureState? Decode(byte[] bytes)
    {
        try
        {
            return MeasureState.Decode(Plan, bytes);
        }
        catch (MeasureStateException)
        {
            return null;
        }
    }
}
