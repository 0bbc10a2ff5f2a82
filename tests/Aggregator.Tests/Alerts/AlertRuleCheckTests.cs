using Streaming.Aggregator.Alerts;
using Streaming.Aggregator.Pipelines;
using Streaming.Contracts;
using Streaming.Contracts.Alerts;
using Streaming.Contracts.Pipelines;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Tests.Alerts;

public sealed class AlertRuleCheckTests
{
    private static readonly AlertRules.WatchedWindows Sum = AlertRules.When("slow", "sum").In("10s");

    public static TheoryData<AlertRule, string> Wrong() => new()
    {
        { AlertRules.When("slow", "summ").In("10s").Below(1), "Alert rule 'slow': there is no measure 'summ'; there are 'count', 'sum', 'mean'." },
        { AlertRules.When("slow", "sum").In("1m").Below(1), "Alert rule 'slow': there is no window '1m'; there are '10s', '30s/10s', '1h..20m', 'session-5s', 'day-Europe/Zurich'." },
        { Sum.Below(1).For(TimeSpan.FromSeconds(5)), "Alert rule 'slow': 'for' is 00:00:05, shorter than a window of '10s' (00:00:10); leave it out to fire on one window." },
        { Sum.Below(100).ClearAbove(50), "Alert rule 'slow': it fires below 100, so it cannot clear at 50, which is below as well." },
        { Sum.Above(1.5m).ClearBelow(2), "Alert rule 'slow': it fires above 1.5, so it cannot clear at 2, which is above as well." },
        { Sum.DropsBy(0, 5), "Alert rule 'slow': the change is 0; it must be a number above zero." },
        { Sum.DropsBy(double.NaN, 5), "Alert rule 'slow': the change is NaN; it must be a number above zero." },
        { Sum.DropsBy(0.5, 501), "Alert rule 'slow': the number of previous windows is 501; it must be from 1 to 500." },
        { Sum.DropsBy(0.5, 5).ClearBelow(0.6), "Alert rule 'slow': it fires at 0.5, so it cannot clear below 0.6; that must be above zero and at most as much." },
        { Sum.DeviatesBy(3, 1), "Alert rule 'slow': the number of windows of the baseline is 1; it must be from 2 to 500." },
        { Sum.Below(1).ForgetAfter(TimeSpan.FromSeconds(5)), "Alert rule 'slow': a key is forgotten after 00:00:05; it must be whole milliseconds, at least 00:00:10 ('for', the previous windows and one more), at most 366.00:00:00." },
        { AlertRules.When("Slow", "sum").In("10s").Below(1), "Alert rule 'Slow': a name is a lower-case letter, then lower-case letters, digits and hyphens, 64 at most." },
        { Sum.Below(1).Message("{store} is slow"), "Alert rule 'slow': its message names {store}; there are {key}, {value}, {threshold} and {window}." },
        { Sum.Below(1).Severity((AlertSeverity)7), "Alert rule 'slow': there is no severity 7." },
        { AlertRules.When("slow").In("session-5s").NoEvents(), "Alert rule 'slow': 'session-5s' are sessions, which come when they come; only a threshold can judge them." },
        { AlertRules.When("slow", "sum").In("1h..20m").DropsBy(0.5, 3), "Alert rule 'slow': '1h..20m' are windows that grow, and cannot be compared with each other; only a threshold can judge them." },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Rule_that_makes_no_sense_is_refused_by_name_and_reason(AlertRule rule, string message) =>
        Assert.Equal(message, Assert.Throws<InvalidAlertRuleException>(() => Create(true, rule)).Message);

    [Fact]
    public void Rule_on_partial_windows_is_refused() =>
        Assert.StartsWith("Alert rule 'slow': the pipeline does not group by its source's own key", Assert.Throws<InvalidAlertRuleException>(() => Create(false, Sum.Below(1))).Message, StringComparison.Ordinal);

    [Fact]
    public void Two_rules_of_one_name_are_refused() =>
        Assert.Equal("Alert rule 'slow': 2 rules have this name.", Assert.Throws<InvalidAlertRuleException>(() => Create(true, Sum.Below(1), Sum.Above(3))).Message);

    [Fact]
    public void Fingerprint_says_what_decides_transitions_and_not_the_words() => Assert.Equal(
        "alerts=[slow: 10s sum below 100 clear=150 for_ms=30000 forget_ms=86400000]",
        Create(true, Sum.Below(100.00m).ClearAbove(150).For(TimeSpan.FromSeconds(30)).Severity(AlertSeverity.Critical).Message("hurry")).Fingerprint);

    [Fact]
    public void Fingerprints_of_different_rules_differ()
    {
        AlertRule[] rules = [
            Sum.Below(1), Sum.Above(1), Sum.Below(2).ClearAbove(3), Sum.Below(2), Sum.DropsBy(1, 2), Sum.RisesBy(1, 2), Sum.ChangesBy(1, 2), Sum.DropsBy(1, 3),
            Sum.DiffersBy(1, 2), Sum.DeviatesBy(1, 2), Sum.DeviatesBy(1, 4), Sum.DeviatesBy(1, 4, 3), Sum.DeviatesBy(1, 4, 3, 1),
            AlertRules.When("slow").In("10s").NoEvents(), AlertRules.When("slow").In("10s").NoEvents().For(TimeSpan.FromSeconds(10))];

        Assert.Equal(rules.Length, rules.Select(rule => Create(true, rule).Fingerprint).Distinct().Count());
    }

    [Fact]
    public void Pipeline_names_itself_and_the_line_of_a_rule_that_makes_no_sense()
    {
        var wrong = Assert.Throws<PipelineDefinitionException>(() => SalesPipeline()
            .Alert(Good)
            .Alert(AlertRules.When("wrong", "amount_max").In("1m").Above(1))
            .Define());

        Assert.Matches(@"^.*'watched'.*AlertRuleCheckTests\.cs:\d+.*Alert rule 'wrong': there is no measure 'amount_max'; there are 'amount_sum'\.$", wrong.Message);
    }

    [Fact]
    public void Rule_is_part_of_the_pipelines_fingerprint_steps_and_topics()
    {
        var (without, with) = (SalesPipeline().Define(), SalesPipeline().Alert(Good).Define());

        Assert.Equal($"{without.Fingerprint} {with.Alerts.Fingerprint}", with.Fingerprint);
        Assert.Contains(new PipelineStep("alert", "much: amount_sum above 1 clear=1 in 1m for 2m (warning)"), with.Steps);
        Assert.Contains(Topics.Alerts, with.Outputs.Topics);
        Assert.DoesNotContain(Topics.Alerts, without.Outputs.Topics);
    }

    private static readonly AlertRule Good = AlertRules.When("much", "amount_sum").In("1m").Above(1).For(TimeSpan.FromMinutes(2));

    private static PipelineBuilder<Sale> SalesPipeline() => Streaming.Aggregator.Pipelines.Pipeline.Named("watched", "Watched")
        .From(Topics.Sales, SaleEvents.Json).KeyedByRecord("store").Windows(WindowSpecs.Tumbling(TimeSpan.FromMinutes(1)))
        .Waits(TimeSpan.FromSeconds(5)).Measures(m => m.Of("amount", sale => sale.Amount).Sum());

    private static AlertRuleSet Create(bool whole, params AlertRule[] rules) =>
        AlertRuleSet.Create(rules, AlertTimeline.Windows, AlertTimeline.Measures, TimeSpan.Zero, whole);
}
