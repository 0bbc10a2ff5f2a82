using System.Globalization;
using Microsoft.Extensions.Options;

namespace Streaming.Producer.Scenarios.Weather;

/// <summary>What the weather is simulated with: configuration section <c>Producer:Weather</c>.</summary>
public sealed record WeatherOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Producer:Weather";

    /// <summary>The same seed, start and options give the same records; the same seed gives the same weather.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Time between two readings of a station.</summary>
    public TimeSpan ReportEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Messages per second in fair weather everywhere; bad weather makes them more, about three times as many on average.</summary>
    public double TweetsPerSecond { get; init; } = 0.3;

    /// <summary>Days of readings, by event time, that are sent first when the topic has never held a record; 0 for no history at all.</summary>
    public int ArchiveDays { get; init; } = 7;

    /// <summary>Time between two readings of a station in that history, which is clean.</summary>
    public TimeSpan ArchiveEvery { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Hours of messages in the history.</summary>
    public int ArchiveTweetHours { get; init; } = 12;

    /// <summary>Minutes at the end of the history in which stations report as often, and as badly, as they do now.</summary>
    public int BackfillMinutes { get; init; } = 20;

    /// <summary>Share of records, 0 to 1, that are no reading, or no message, at all.</summary>
    public double BrokenShare { get; init; } = 0.005;

    /// <summary>Share of readings, 0 to 1, with a number that no instrument measures.</summary>
    public double ImpossibleShare { get; init; } = 0.02;

    /// <summary>Share of records, 0 to 1, that are sent after newer ones, by up to <see cref="OutOfOrderness"/>.</summary>
    public double OutOfOrderShare { get; init; } = 0.05;

    /// <summary>How far an out-of-order record lies behind at most; not above what the pipelines allow for.</summary>
    public TimeSpan OutOfOrderness { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Share of records, 0 to 1, that are sent when their ten minutes have long closed.</summary>
    public double LateShare { get; init; } = 0.001;

    /// <summary>The station whose thermometer is stuck; empty for none.</summary>
    public string StuckStation { get; init; } = "new-york-jfk";

    /// <summary>Whether one station after the other falls silent for half an hour.</summary>
    public bool HasOutages { get; init; } = true;
}

/// <summary>Checks <see cref="WeatherOptions"/>; each failure names the key, its value and what is allowed.</summary>
internal sealed class WeatherOptionsValidator : IValidateOptions<WeatherOptions>
{
    public ValidateOptionsResult Validate(string? name, WeatherOptions options)
    {
        var failures = Failures(options).OfType<string>().ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string?> Failures(WeatherOptions options) =>
    [
        Check(options.ReportEvery >= TimeSpan.FromMilliseconds(10) && options.ReportEvery <= TimeSpan.FromHours(1), nameof(options.ReportEvery), options.ReportEvery,
            "00:00:00.010 to 01:00:00"),
        Check(options.TweetsPerSecond is >= 0 and <= 10_000, nameof(options.TweetsPerSecond), options.TweetsPerSecond, "0 to 10000"),
        Check(options.ArchiveDays is >= 0 and <= 365, nameof(options.ArchiveDays), options.ArchiveDays, "0 to 365"),
        Check(options.ArchiveEvery >= TimeSpan.FromSeconds(1) && options.ArchiveEvery <= TimeSpan.FromDays(1), nameof(options.ArchiveEvery), options.ArchiveEvery,
            "00:00:01 to 1.00:00:00"),
        Check(options.ArchiveTweetHours >= 0 && options.ArchiveTweetHours <= options.ArchiveDays * 24, nameof(options.ArchiveTweetHours), options.ArchiveTweetHours,
            "0 to the hours of ArchiveDays"),
        Check(options.BackfillMinutes >= 0 && options.BackfillMinutes <= Math.Min(1440, options.ArchiveDays * 1440), nameof(options.BackfillMinutes), options.BackfillMinutes,
            "0 to 1440, and 0 when there is no history"),
        CheckShare(nameof(options.BrokenShare), options.BrokenShare),
        CheckShare(nameof(options.ImpossibleShare), options.ImpossibleShare),
        CheckShare(nameof(options.OutOfOrderShare), options.OutOfOrderShare),
        CheckShare(nameof(options.LateShare), options.LateShare),
        Check(options.BrokenShare + options.ImpossibleShare + options.OutOfOrderShare + options.LateShare <= 1, nameof(options.OutOfOrderShare), options.OutOfOrderShare,
            "at most 1 together with BrokenShare, ImpossibleShare and LateShare"),
        Check(options.OutOfOrderness > TimeSpan.Zero && options.OutOfOrderness <= TimeSpan.FromMinutes(1), nameof(options.OutOfOrderness), options.OutOfOrderness,
            "above 0, up to 00:01:00"),
        options.StuckStation.Length == 0 || StationCatalogue.All.Any(station => station.Id == options.StuckStation)
            ? null
            : $"{WeatherOptions.Section}:{nameof(options.StuckStation)} is '{options.StuckStation}'; allowed: nothing, or one of {string.Join(", ", StationCatalogue.All.Select(s => s.Id))}.",
    ];

    private static string? CheckShare(string key, double value) => Check(value is >= 0 and <= 1, key, value, "0 to 1");

    private static string? Check(bool holds, string key, IFormattable value, string allowed) => holds
        ? null
        : $"{WeatherOptions.Section}:{key} is '{value.ToString(null, CultureInfo.InvariantCulture)}'; allowed: {allowed}.";
}
