using Microsoft.Extensions.Options;

namespace Streaming.Aggregator.Control;

/// <summary>Settings of the control endpoint, section <c>Aggregator:Control</c>. Checked at start.</summary>
public sealed class ControlOptions
{
    public const string Section = "Aggregator:Control";

    private const int ShortestKey = 16;

    /// <summary>Whether there is a control endpoint at all.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>A secret that every request has to bring (<c>Authorization: Bearer …</c>); empty: none. At least 16 characters.</summary>
    public string Key { get; set; } = "";

    /// <summary>The hosts (without port) that a request may be addressed to, with commas between; <c>*</c>: any.</summary>
    public string Hosts { get; set; } = "localhost,127.0.0.1,[::1]";

    /// <summary>The hosts in <see cref="Hosts"/>.</summary>
    internal IReadOnlyList<string> HostNames => Hosts.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Names the first setting that has no meaning, but never the key's value.</summary>
    internal sealed class Validator : IValidateOptions<ControlOptions>
    {
        public ValidateOptionsResult Validate(string? name, ControlOptions options) =>
            options.Key.Length is > 0 and < ShortestKey ? ValidateOptionsResult.Fail($"{Section}:{nameof(Key)} has {options.Key.Length} characters; it must have at least {ShortestKey}, or none.")
            : options.HostNames.Count == 0 ? ValidateOptionsResult.Fail($"{Section}:{nameof(Hosts)} is '{options.Hosts}'; it must name a host.")
            : ValidateOptionsResult.Success;
    }
}
