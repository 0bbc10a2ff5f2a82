using Microsoft.Extensions.Configuration;
using Streaming.Contracts.Hosting;

namespace Streaming.Producer.Tests;

public sealed class KnownSettingsTests
{
    [Theory]
    [InlineData("Some:CheckpointIntervall", "00:00:01", "Some:CheckpointIntervall is no setting; did you mean 'Some:CheckpointInterval'?")]
    [InlineData("Some:Elephant", "1", "Some:Elephant is no setting.")]
    [InlineData("Some:Inner:Urll", "x", "Some:Inner:Urll is no setting; did you mean 'Some:Inner:Url'?")]
    [InlineData("Some:CheckpointInterval", "soon", "Some:CheckpointInterval is 'soon', which is no duration (hh:mm:ss).")]
    [InlineData("Some:Rows", "many", "Some:Rows is 'many', which is no whole number that fits.")]
    [InlineData("Some:Rows", "99999999999", "Some:Rows is '99999999999', which is no whole number that fits.")]
    [InlineData("Some:Share", "half", "Some:Share is 'half', which is no number.")]
    [InlineData("Some:IsOn", "yes", "Some:IsOn is 'yes', which is no 'true' or 'false'.")]
    public void What_is_wrong_names_the_key_the_nearest_name_and_a_known_setting_s_value(string key, string value, string trouble) =>
        Assert.Equal([trouble], Troubles((key, value)));

    [Theory]
    [InlineData("Some:Passwordd")]
    [InlineData("Some:Sceret")]
    [InlineData("Some:ApiKye")]
    public void The_value_of_an_unknown_setting_is_not_shown_since_it_may_be_a_secret(string key) =>
        Assert.DoesNotContain("hunter2", Assert.Single(Troubles((key, "hunter2"))), StringComparison.Ordinal);

    [Fact]
    public void What_is_right_is_passed_over() => Assert.Empty(Troubles(
        ("some:checkpointinterval", "00:00:01"), ("Some:Rows", "1"), ("Some:Share", "0.5"), ("Some:IsOn", "True"), ("Some:Inner:Url", "http://localhost/"),
        ("Some:Names:0", "one"), ("Some:Beside", "whatever"), ("Another:Thing", "1"), ("Some:Rest:Hosts", ""), ("Some:Inner", "")));

    private static IReadOnlyList<string> Troubles(params (string Key, string Value)[] settings) => KnownSettings.Troubles(
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value)).Build(),
        "Some", ("Some", typeof(Options)), ("Some:Beside", null), ("Some:Rest", typeof(Rest)));

    private sealed record Options
    {
        public TimeSpan CheckpointInterval { get; init; }

        public int Rows { get; init; }

        public double? Share { get; init; }

        public bool IsOn { get; init; }

        public string[] Names { get; init; } = [];

        public Inner Inner { get; } = new();
    }

    private sealed class Inner
    {
        public Uri? Url { get; set; }
    }

    private sealed class Rest
    {
        public string Hosts { get; set; } = "";
    }
}
