using System.Globalization;
using Microsoft.Extensions.Options;
using Streaming.Contracts;

namespace Streaming.Producer;

/// <summary>What the producer is run with: configuration section <c>Producer</c>.</summary>
public sealed record ProducerOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Producer";

    /// <summary>Sales as Avro, with a schema of the registry.</summary>
    public const string AvroFormat = "avro";

    /// <summary>Sales as JSON.</summary>
    public const string JsonFormat = "json";

    /// <summary>How sales are written: <see cref="AvroFormat"/> or <see cref="JsonFormat"/>.</summary>
    public string Format { get; init; } = AvroFormat;

    /// <summary>Which version of the sales' Avro schema is written: 1, or 2, which has a field <c>channel</c> more.</summary>
    public int SaleSchema { get; init; } = 1;

    /// <summary>Mean events per second over a day and all stores; 0 is as fast as it goes.</summary>
    public double EventsPerSecond { get; init; } = 50;

    /// <summary>The same seed, start and options give the same events.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Share of events, 0 to 1, that are sent after newer ones, by up to <see cref="OutOfOrderness"/>.</summary>
    public double OutOfOrderShare { get; init; } = 0.05;

    /// <summary>Share of events, 0 to 1, that are sent when their window has long closed.</summary>
    public double LateShare { get; init; } = 0.001;

    /// <summary>Share of records, 0 to 1, that are no sale at all.</summary>
    public double MalformedShare { get; init; } = 0.001;

    /// <summary>How far an out-of-order event lies behind at most; not above what the pipeline allows for.</summary>
    public TimeSpan OutOfOrderness { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How far a late event lies behind at least; above the pipeline's window size, allowed out-of-orderness and grace together.</summary>
    public TimeSpan LateAtLeast { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How far a late event lies behind at most.</summary>
    public TimeSpan LateAtMost { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Minutes of history, by event time, that are sent first when the topic has never held a record; 0 for none. Not used when
    /// <see cref="EventsPerSecond"/> is 0.
    /// </summary>
    public int BackfillMinutes { get; init; } = 10;

    /// <summary>Every how many events a trace begins (when traces are exported at all); 0 for never.</summary>
    public int TraceEvery { get; init; } = 100;

    /// <summary>How long the client tries to deliver an event, over as many attempts as it takes, before it counts as failed.</summary>
    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>Checks <see cref="ProducerOptions"/>; each failure names the key, its value and what is allowed.</summary>
internal sealed class ProducerOptionsValidator : IValidateOptions<ProducerOptions>
{
    private static readonly TimeSpan LongestDelivery = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, ProducerOptions options)
    {
        var failures = Failures(options).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(ProducerOptions options) => new[]
    {
        Check(options.EventsPerSecond is 0 or (>= 0.001 and <= 10_000_000), nameof(options.EventsPerSecond), options.EventsPerSecond,
            "0 (as fast as it goes), or 0.001 to 10000000"),
        options.Format is ProducerOptions.AvroFormat or ProducerOptions.JsonFormat
            ? null
            : $"{ProducerOptions.Section}:{nameof(options.Format)} is '{options.Format}'; allowed: {ProducerOptions.AvroFormat}, {ProducerOptions.JsonFormat}.",
        Check(options.SaleSchema is >= 1 and <= StoreSaleAvro.NewestVersion, nameof(options.SaleSchema), options.SaleSchema, $"1 to {StoreSaleAvro.NewestVersion}"),
        CheckShare(nameof(options.OutOfOrderShare), options.OutOfOrderShare),
        CheckShare(nameof(options.LateShare), options.LateShare),
        CheckShare(nameof(options.MalformedShare), options.MalformedShare),
        Check(options.OutOfOrderShare + options.LateShare + options.MalformedShare <= 1, nameof(options.OutOfOrderShare), options.OutOfOrderShare,
            "at most 1 together with LateShare and MalformedShare"),
        Check(options.OutOfOrderness >= TimeSpan.FromMilliseconds(1) && options.OutOfOrderness < options.LateAtLeast, nameof(options.OutOfOrderness),
            options.OutOfOrderness, "00:00:00.001 or more, below LateAtLeast"),
        Check(options.LateAtMost > options.LateAtLeast && options.LateAtMost <= TimeSpan.FromDays(365), nameof(options.LateAtMost), options.LateAtMost,
            "above LateAtLeast, up to 365 days"),
        Check(options.BackfillMinutes is >= 0 and <= 24 * 60, nameof(options.BackfillMinutes), options.BackfillMinutes, "0 to 1440"),
        Check(options.TraceEvery >= 0, nameof(options.TraceEvery), options.TraceEvery, "0 (never) or more"),
        Check(options.DeliveryTimeout >= TimeSpan.FromSeconds(1) && options.DeliveryTimeout <= LongestDelivery, nameof(options.DeliveryTimeout),
            options.DeliveryTimeout, "00:00:01 to 1.00:00:00"),
    }.OfType<string>();

    private static string? CheckShare(string key, double value) => Check(value is >= 0 and <= 1, key, value, "0 to 1");

    private static string? Check(bool holds, string key, IFormattable value, string allowed) => holds
        ? null
        : $"{ProducerOptions.Section}:{key} is '{value.ToString(null, CultureInfo.InvariantCulture)}'; allowed: {allowed}.";
}
