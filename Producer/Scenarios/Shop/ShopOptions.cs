using System.Globalization;
using Microsoft.Extensions.Options;

namespace Streaming.Producer.Scenarios.Shop;

/// <summary>How the online shop is simulated: configuration section <c>Producer:Shop</c>.</summary>
public sealed record ShopOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Producer:Shop";

    /// <summary>Mean price changes per second over all products.</summary>
    public double EventsPerSecond { get; init; } = 8;

    /// <summary>The same seed, start and options give the same changes.</summary>
    public int Seed { get; init; } = 2;

    /// <summary>Share of changes, 0 to 1, with which a sale of a product begins: 20 % off at once, taken back after <see cref="SaleAtLeast"/> to <see cref="SaleAtMost"/>.</summary>
    public double SaleShare { get; init; } = 0.001;

    /// <summary>How long a sale lasts at least.</summary>
    public TimeSpan SaleAtLeast { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>How long a sale lasts at most.</summary>
    public TimeSpan SaleAtMost { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Share of changes, 0 to 1, that are sent after newer ones, by up to <see cref="OutOfOrderness"/>.</summary>
    public double OutOfOrderShare { get; init; } = 0.05;

    /// <summary>Share of changes, 0 to 1, that are sent when their minute has long closed.</summary>
    public double LateShare { get; init; } = 0.002;

    /// <summary>Share of records, 0 to 1, that are broken or of a product that nobody has described.</summary>
    public double BrokenShare { get; init; } = 0.004;

    /// <summary>How much later an out-of-order change is sent at most; not above what the pipelines allow for.</summary>
    public TimeSpan OutOfOrderness { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How much later a late change is sent at least; above a minute, the allowed out-of-orderness and grace together.</summary>
    public TimeSpan LateAtLeast { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How much later a late change is sent at most. Beyond 16 min it is too late for the windows of a quarter of an hour, too.</summary>
    public TimeSpan LateAtMost { get; init; } = TimeSpan.FromMinutes(25);

    /// <summary>Minutes of history, by event time, that are sent first when the topic has never held a record; 0 for none.</summary>
    public int BackfillMinutes { get; init; } = 30;
}

/// <summary>Checks <see cref="ShopOptions"/>; each failure names the key, its value and what is allowed.</summary>
internal sealed class ShopOptionsValidator : IValidateOptions<ShopOptions>
{
    public ValidateOptionsResult Validate(string? name, ShopOptions options)
    {
        var failures = Failures(options).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(ShopOptions options) => new[]
    {
        Check(options.EventsPerSecond is >= 0.001 and <= 1_000_000, nameof(options.EventsPerSecond), options.EventsPerSecond, "0.001 to 1000000"),
        CheckShare(nameof(options.SaleShare), options.SaleShare),
        CheckShare(nameof(options.OutOfOrderShare), options.OutOfOrderShare),
        CheckShare(nameof(options.LateShare), options.LateShare),
        CheckShare(nameof(options.BrokenShare), options.BrokenShare),
        Check(options.OutOfOrderShare + options.LateShare + options.BrokenShare <= 1, nameof(options.OutOfOrderShare), options.OutOfOrderShare,
            "at most 1 together with LateShare and BrokenShare"),
        Check(options.SaleAtLeast >= TimeSpan.FromSeconds(1) && options.SaleAtLeast <= options.SaleAtMost, nameof(options.SaleAtLeast), options.SaleAtLeast,
            "00:00:01 or more, not above SaleAtMost"),
        Check(options.SaleAtMost <= TimeSpan.FromDays(1), nameof(options.SaleAtMost), options.SaleAtMost, "up to 1.00:00:00"),
        Check(options.OutOfOrderness >= TimeSpan.FromMilliseconds(1) && options.OutOfOrderness < options.LateAtLeast, nameof(options.OutOfOrderness),
            options.OutOfOrderness, "00:00:00.001 or more, below LateAtLeast"),
        Check(options.LateAtMost > options.LateAtLeast && options.LateAtMost <= TimeSpan.FromDays(1), nameof(options.LateAtMost), options.LateAtMost,
            "above LateAtLeast, up to 1.00:00:00"),
        Check(options.BackfillMinutes is >= 0 and <= 24 * 60, nameof(options.BackfillMinutes), options.BackfillMinutes, "0 to 1440"),
    }.OfType<string>();

    private static string? CheckShare(string key, double value) => Check(value is >= 0 and <= 1, key, value, "0 to 1");

    private static string? Check(bool holds, string key, IFormattable value, string allowed) => holds
        ? null
        : $"{ShopOptions.Section}:{key} is '{value.ToString(null, CultureInfo.InvariantCulture)}'; allowed: {allowed}.";
}
