using Streaming.Contracts.Measures;

namespace Streaming.Contracts.Tests.Measures;

public class MeasurePlanTests
{
    private static readonly FieldSpec Amount = new("amount", FieldKind.Number, 2, "CHF");
    private static readonly FieldSpec Customer = new("customer", FieldKind.Identity, 0, null);
    private static readonly MeasureSpec Count = new("count", MeasureKind.Count, -1);

    public static TheoryData<MeasureSpec, string> BadMeasures => new()
    {
        { new("weight_sum", MeasureKind.Sum, 2), "measure 'weight_sum': there is no field 2, the plan has 2" },
        { new("amount_sum", MeasureKind.Sum, -1), "measure 'amount_sum': there is no field -1, the plan has 2" },
        { new("rows", MeasureKind.Count, -2), "measure 'rows': there is no field -2, the plan has 2" },
        { new("who", MeasureKind.Max, 1), "measure 'who': Max needs a field of kind Number, but 'customer' is of kind Identity" },
        { new("amounts", MeasureKind.Distinct, 0), "measure 'amounts': Distinct needs a field of kind Identity, but 'amount' is of kind Number" },
        { new("p0", MeasureKind.Quantile, 0), "measure 'p0': quantile 0 is not strictly between 0 and 1" },
        { new("p100", MeasureKind.Quantile, 0, 1), "measure 'p100': quantile 1 is not strictly between 0 and 1" },
        { new("pnan", MeasureKind.Quantile, 0, double.NaN), "measure 'pnan': quantile NaN is not strictly between 0 and 1" },
        { new("sum", MeasureKind.Sum, 0, 0.5), "measure 'sum': Sum takes no quantile, but 0.5 is given" },
        { new("odd", (MeasureKind)99, 0), "measure 'odd': kind 99 does not exist" },
        { new("count", MeasureKind.Max, 0), "measure 'count': two measures have this name" },
        { new("Amount", MeasureKind.Sum, 0), "measure 'Amount': a name is a lower-case letter" },
        { new("", MeasureKind.Sum, 0), "measure '': a name is a lower-case letter" },
    };

    public static TheoryData<FieldSpec, string> BadFields => new()
    {
        { new("weight", FieldKind.Number, 10, null), "field 'weight': scale 10 is not within 0 to 9" },
        { new("weight", FieldKind.Number, -1, null), "field 'weight': scale -1 is not within 0 to 9" },
        { new("weight", FieldKind.Identity, 1, null), "field 'weight': an identity has no scale, but 1 is given" },
        { new("weight", (FieldKind)7, 0, null), "field 'weight': kind 7 does not exist" },
        { new("weight", FieldKind.Number, 0, ""), "field 'weight': a unit is null or has 1 to 32 characters" },
        { new("amount", FieldKind.Number, 0, null), "field 'amount': two fields have this name" },
        { new("7up", FieldKind.Number, 0, null), "field '7up': a name is a lower-case letter" },
    };

    [Theory]
    [MemberData(nameof(BadMeasures))]
    public void A_measure_that_makes_no_sense_is_named_with_the_reason(MeasureSpec measure, string message) =>
        Assert.StartsWith(message, Assert.Throws<InvalidMeasurePlanException>(() => new MeasurePlan([Amount, Customer], [Count, measure])).Message);

    [Theory]
    [MemberData(nameof(BadFields))]
    public void A_field_that_makes_no_sense_is_named_with_the_reason(FieldSpec field, string message) =>
        Assert.StartsWith(message, Assert.Throws<InvalidMeasurePlanException>(() => new MeasurePlan([Amount, field], [Count])).Message);

    [Fact]
    public void More_than_16_fields_are_refused()
    {
        FieldSpec[] fields = [.. Enumerable.Range(0, 17).Select(i => new FieldSpec($"f{i}", FieldKind.Number, 0, null))];
        Assert.Contains("17 fields", Assert.Throws<InvalidMeasurePlanException>(() => new MeasurePlan(fields, [Count])).Message);
        Assert.Equal(16, new MeasurePlan(fields[..16], [Count]).Fields.Count);
    }

    [Fact]
    public void No_measures_are_refused() => Assert.Throws<InvalidMeasurePlanException>(() => new MeasurePlan([Amount], []));

    [Fact]
    public void Measures_that_lie_in_columns_need_no_state()
    {
        MeasureKind[] kinds = [MeasureKind.Count, MeasureKind.Sum, MeasureKind.Min, MeasureKind.Max, MeasureKind.Mean];
        Assert.False(new MeasurePlan([Amount], [.. kinds.Select(kind => new MeasureSpec($"m{(int)kind}", kind, 0))]).NeedsState);
        Assert.False(new MeasurePlan([], [Count]).NeedsState);
        Assert.All(kinds, kind => Assert.True(new MeasurePlan([Customer, Amount], [new("m", kind, 1)]).NeedsState));
        Assert.True(new MeasurePlan([Amount], [new("v", MeasureKind.Variance, 0)]).NeedsState);
    }

    [Fact]
    public void A_plan_comes_back_from_its_text()
    {
        MeasurePlan read = MeasurePlan.Parse(Cases.Full.ToJson());
        Assert.Equal(Cases.Full, read);
        Assert.Equal(Cases.Full.Fingerprint, read.Fingerprint);
    }

    [Fact]
    public void The_text_is_as_documented() => Assert.Equal(
        """{"fields":[{"name":"amount","kind":"number","scale":2,"unit":"CHF"}],"measures":[{"name":"amount_p95","kind":"quantile","field":0,"quantile":0.95}]}""",
        new MeasurePlan([Amount], [new("amount_p95", MeasureKind.Quantile, 0, 0.95)]).ToJson());

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"fields":null,"measures":[]}""")]
    [InlineData("""{"fields":[null],"measures":[{"name":"count","kind":"count","field":-1}]}""")]
    [InlineData("""{"fields":[],"measures":[null]}""")]
    [InlineData("""{"fields":[],"measures":[{"name":null,"kind":"count","field":-1}]}""")]
    [InlineData("""{"fields":[],"measures":[{"name":"count","kind":0,"field":-1}]}""")]
    [InlineData("""{"fields":[],"measures":[{"name":"count","kind":"median","field":-1}]}""")]
    [InlineData("""{"fields":[],"measures":[{"name":"count","kind":"count","field":-1,"of":"x"}]}""")]
    [InlineData("""{"fields":[],"measures":[{"name":"count","kind":"count","field":1e99}]}""")]
    [InlineData("""{"fields":[],"measures":[{"name":"s","kind":"sum","field":0}]}""")]
    public void Text_that_is_no_plan_is_refused(string json) => Assert.Throws<InvalidMeasurePlanException>(() => MeasurePlan.Parse(json));

    [Fact]
    public void The_fingerprint_changes_with_whatever_decides_results_and_with_nothing_else()
    {
        MeasureSpec p95 = new("p95", MeasureKind.Quantile, 0, 0.95);
        string fingerprint = new MeasurePlan([Amount], [Count, p95]).Fingerprint;
        Assert.Equal("measures=v1(amount:e-2;count=count[-1],p95=quantile0.95[0])", fingerprint);
        Assert.Equal(fingerprint, new MeasurePlan([Amount with { Unit = "EUR" }], [Count, p95]).Fingerprint);
        Assert.NotEqual(fingerprint, new MeasurePlan([Amount with { Scale = 3 }], [Count, p95]).Fingerprint);
        Assert.NotEqual(fingerprint, new MeasurePlan([Amount, Customer], [Count, p95]).Fingerprint);
        Assert.NotEqual(fingerprint, new MeasurePlan([Amount], [Count]).Fingerprint);
        Assert.NotEqual(fingerprint, new MeasurePlan([Amount], [Count, p95 with { Quantile = 0.9 }]).Fingerprint);
    }
}
