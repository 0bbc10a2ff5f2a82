using Streaming.Contracts.Measures;

namespace Streaming.Contracts.Tests.Measures;

/// <summary>Columns and states form a commutative monoid to the last bit of their encodings; so panes, partial rows and replicas may merge as they like.</summary>
public sealed class MergeProperties
{
    private static readonly MeasurePlan Plan = Cases.Full;

    [Fact]
    public void Merging_is_associative() => Claim.Holds(Cases.Triples, c =>
    {
        (Measured a, Measured b, Measured d) = (Of(c.A), Of(c.B), Of(c.C));
        Assert.Equal(a.With(b).With(d).Bytes, a.With(b.With(d)).Bytes);
    });

    [Fact]
    public void Merging_is_commutative() => Claim.Holds(Cases.Triples, c => Assert.Equal(Of(c.A).With(Of(c.B)).Bytes, Of(c.B).With(Of(c.A)).Bytes));

    [Fact]
    public void Nothing_merged_in_changes_nothing() => Claim.Holds(Cases.Histories, events =>
    {
        Measured all = Of(events);
        Assert.Equal(all.Bytes, all.With(Of([])).Bytes);
        Assert.Equal(all.Bytes, Of([]).With(all).Bytes);
    });

    [Fact]
    public void Parts_merge_into_the_whole() => Claim.Holds(Cases.Triples, c =>
        Assert.Equal(Of([.. c.A, .. c.B, .. c.C]).Bytes, Of(c.A).With(Of(c.B)).With(Of(c.C)).Bytes));

    [Fact]
    public void The_order_of_events_does_not_matter() => Claim.Holds(Cases.Histories, events =>
    {
        Event[] shuffled = [.. events];
        new Random(events.Length).Shuffle(shuffled);
        Assert.Equal(Of(events).Bytes, Of(shuffled).Bytes);
    });

    [Fact]
    public void A_merge_leaves_the_other_and_a_clone_its_original_as_they_were() => Claim.Holds(Cases.Triples, c =>
    {
        (Measured a, Measured b) = (Of(c.A), Of(c.B));
        (string before, string other) = (a.Bytes, b.Bytes);
        Measured both = a.With(b);
        foreach (Event e in c.C)
        {
            both.Add(e);
        }

        Assert.Equal((before, other), (a.Bytes, b.Bytes));
    });

    [Fact]
    public void A_state_merged_into_itself_counts_twice() => Claim.Holds(Cases.Histories, events =>
    {
        MeasureState state = Of(events).State;
        state.Merge(state);
        Assert.Equal(Of([.. events, .. events]).State.Encode(), state.Encode());
    });

    [Fact]
    public void What_comes_back_from_bytes_goes_on_as_if_it_had_never_left() => Claim.Holds(Cases.Triples, c =>
    {
        Measured stored = Of(c.A).Stored();
        Assert.Equal(Of(c.A).Bytes, stored.Bytes);
        foreach (Event e in c.B)
        {
            stored.Add(e);
        }

        Assert.Equal(Of([.. c.A, .. c.B, .. c.C]).Bytes, stored.With(Of(c.C).Stored()).Bytes);
    });

    [Fact]
    public void States_of_other_plans_do_not_merge()
    {
        var other = new MeasurePlan(Plan.Fields, [new("amount_p50", MeasureKind.Quantile, 0, 0.5)]);
        Assert.Throws<ArgumentException>(() => new MeasureState(Plan).Merge(new MeasureState(other)));
    }

    private static Measured Of(params Event[] events) => Measured.Of(Plan, events);
}
