using Streaming.Producer.Scenarios.Weather;

namespace Streaming.Producer.Tests.Weather;

public sealed class WeatherOptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => Assert.True(new WeatherOptionsValidator().Validate(null, new WeatherOptions()).Succeeded);

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_value_is_named_with_its_key(WeatherOptions options, string key, string value)
    {
        var failures = new WeatherOptionsValidator().Validate(null, options).Failures!.ToList();

        Assert.Contains(failures, failure => failure.StartsWith($"Producer:Weather:{key} is '{value}'; allowed: ", StringComparison.Ordinal));
    }

    public static TheoryData<WeatherOptions, string, string> Wrong => new()
    {
        { new WeatherOptions { ReportEvery = TimeSpan.Zero }, "ReportEvery", "00:00:00" },
        { new WeatherOptions { TweetsPerSecond = -1 }, "TweetsPerSecond", "-1" },
        { new WeatherOptions { TweetsPerSecond = double.NaN }, "TweetsPerSecond", "NaN" },
        { new WeatherOptions { ArchiveDays = -1 }, "ArchiveDays", "-1" },
        { new WeatherOptions { ArchiveEvery = TimeSpan.Zero }, "ArchiveEvery", "00:00:00" },
        { new WeatherOptions { ArchiveDays = 1, ArchiveTweetHours = 25 }, "ArchiveTweetHours", "25" },
        { new WeatherOptions { ArchiveDays = 0, ArchiveTweetHours = 0 }, "BackfillMinutes", "20" },
        { new WeatherOptions { BrokenShare = 1.5 }, "BrokenShare", "1.5" },
        { new WeatherOptions { LateShare = double.NaN }, "LateShare", "NaN" },
        { new WeatherOptions { BrokenShare = 0.6, ImpossibleShare = 0.6 }, "OutOfOrderShare", "0.05" },
        { new WeatherOptions { OutOfOrderness = TimeSpan.Zero }, "OutOfOrderness", "00:00:00" },
        { new WeatherOptions { StuckStation = "atlantis" }, "StuckStation", "atlantis" },
    };
}
