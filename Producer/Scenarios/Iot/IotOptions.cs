using System.Globalization;
using Microsoft.Extensions.Options;

namespace Streaming.Producer.Scenarios.Iot;

/// <summary>Settings of the simulated devices, section <c>Producer:Iot</c>. Checked at start.</summary>
public sealed class IotOptions
{
    public const string Section = "Producer:Iot";

    /// <summary>How many devices there are.</summary>
    public int Devices { get; set; } = 2000;

    /// <summary>From one heartbeat of a device to its next, about.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How much history a topic that never held a record is given: a minute is 12,000 heartbeats, which compete with everything else that starts.</summary>
    public TimeSpan History { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Decides everything that is drawn.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>How long a device stays connected, on average.</summary>
    public TimeSpan ConnectedFor { get; set; } = TimeSpan.FromHours(12);

    /// <summary>How long it is silent afterwards, on average.</summary>
    public TimeSpan SilentFor { get; set; } = TimeSpan.FromMinutes(6);

    /// <summary>Part of the devices whose connection comes and goes every few minutes, 0 to 1.</summary>
    public double FlappingShare { get; set; } = 0.01;

    /// <summary>Part of the heartbeats that arrive after newer ones, within what the pipelines wait for, 0 to 1.</summary>
    public double OutOfOrderShare { get; set; } = 0.02;

    /// <summary>Part of the heartbeats that arrive minutes late, 0 to 1.</summary>
    public double LateShare { get; set; } = 0.001;

    /// <summary>Part of the records that are no heartbeat, 0 to 1.</summary>
    public double BrokenShare { get; set; } = 0.0005;
}

/// <summary>Names the key and the value of each setting that has no meaning.</summary>
public sealed class IotOptionsValidator : IValidateOptions<IotOptions>
{
    private const int MostDevices = 100_000;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, IotOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        string?[] problems =
        [
            options.Devices is >= 1 and <= MostDevices
                ? null : string.Create(CultureInfo.InvariantCulture, $"{IotOptions.Section}:{nameof(options.Devices)} is {options.Devices}; it must be from 1 to {MostDevices}."),
            Between(nameof(options.HeartbeatInterval), options.HeartbeatInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)),
            Between(nameof(options.History), options.History, TimeSpan.Zero, Day),
            Between(nameof(options.ConnectedFor), options.ConnectedFor, TimeSpan.FromSeconds(1), 365 * Day),
            Between(nameof(options.SilentFor), options.SilentFor, TimeSpan.FromSeconds(1), 365 * Day),
            Share(nameof(options.FlappingShare), options.FlappingShare),
            Share(nameof(options.OutOfOrderShare), options.OutOfOrderShare),
            Share(nameof(options.LateShare), options.LateShare),
            Share(nameof(options.BrokenShare), options.BrokenShare),
            options.OutOfOrderShare + options.LateShare + options.BrokenShare <= 1 ? null
                : $"{IotOptions.Section}: {nameof(options.OutOfOrderShare)}, {nameof(options.LateShare)} and {nameof(options.BrokenShare)} are more than 1 together.",
        ];
        var found = problems.OfType<string>().ToList();
        return found.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(found);
    }

    private static string? Between(string key, TimeSpan value, TimeSpan least, TimeSpan most) =>
        value >= least && value <= most ? null : $"{IotOptions.Section}:{key} is {value:c}; it must be from {least:c} to {most:c}.";

    private static string? Share(string key, double value) =>
        value is >= 0 and <= 1 ? null : string.Create(CultureInfo.InvariantCulture, $"{IotOptions.Section}:{key} is {value}; it must be from 0 to 1.");
}
