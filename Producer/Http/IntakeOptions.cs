using System.Globalization;
using Microsoft.Extensions.Options;

namespace Streaming.Producer.Http;

/// <summary>Settings of <c>POST /events</c>, section <c>Producer:Http</c>. Checked at start.</summary>
public sealed record IntakeOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Producer:Http";

    private const int ShortestKey = 16;

    /// <summary>The topics that records with a key may be sent to, with commas between. None: nothing is taken.</summary>
    public string Topics { get; init; } = "";

    /// <summary>The topics that records with or without a key may be sent to, with commas between.</summary>
    public string KeylessTopics { get; init; } = "";

    /// <summary>A secret that every request has to bring (<c>Authorization: Bearer …</c>), at least 16 characters. Empty: none, and requests of other machines are refused.</summary>
    public string Key { get; init; } = "";

    /// <summary>The hosts (without port) that a request may be addressed to, with commas between; <c>*</c>: any.</summary>
    public string Hosts { get; init; } = "localhost,127.0.0.1,[::1]";

    /// <summary>The largest record in bytes; the topic's own limit holds besides.</summary>
    public int LargestRecord { get; init; } = 1024 * 1024;

    /// <summary>The largest batch in bytes.</summary>
    public int LargestBatch { get; init; } = 16 * 1024 * 1024;

    /// <summary>Bytes that are read or wait for Kafka at most, over all requests; beyond, the answer is 429.</summary>
    public int BytesInFlight { get; init; } = 64 * 1024 * 1024;

    /// <summary>Requests at the same time at most; beyond, the answer is 429.</summary>
    public int RequestsInFlight { get; init; } = 256;

    /// <summary>How long Kafka may take to acknowledge a record; then the answer is 503.</summary>
    public TimeSpan AcknowledgedWithin { get; init; } = TimeSpan.FromSeconds(30);

    internal IReadOnlyList<string> HostNames => Split(Hosts);

    internal IReadOnlySet<string> KeyedNames => Split(Topics).ToHashSet();

    internal IReadOnlySet<string> KeylessNames => Split(KeylessTopics).ToHashSet();

    private static string[] Split(string names) => names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Each failure names the setting, its value and what is allowed; never the key's value.</summary>
    internal sealed class Validator : IValidateOptions<IntakeOptions>
    {
        private const int Mebi = 1024 * 1024;

        public ValidateOptionsResult Validate(string? name, IntakeOptions options)
        {
            var failures = Failures(options).OfType<string>().ToList();
            return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
        }

        private static IEnumerable<string?> Failures(IntakeOptions options)
        {
            yield return options.Key.Length is > 0 and < ShortestKey
                ? $"{Section}:{nameof(Key)} has {options.Key.Length} characters; allowed: none, or at least {ShortestKey}." : null;
            yield return Check(options.HostNames.Count > 0, nameof(Hosts), options.Hosts, "at least one host, or *");
            yield return Check(!options.KeyedNames.Overlaps(options.KeylessNames), nameof(KeylessTopics), options.KeylessTopics, $"no name that is in {nameof(Topics)} too");
            yield return Check(options.LargestRecord is >= 1 and <= 64 * Mebi, nameof(LargestRecord), options.LargestRecord, "1 to 67108864 bytes");
            yield return Check(options.LargestBatch is >= 1 and <= 256 * Mebi, nameof(LargestBatch), options.LargestBatch, "1 to 268435456 bytes");
            yield return Check(options.BytesInFlight >= Math.Max(options.LargestRecord, options.LargestBatch), nameof(BytesInFlight), options.BytesInFlight,
                $"at least {nameof(LargestBatch)} and {nameof(LargestRecord)}");
            yield return Check(options.RequestsInFlight is >= 1 and <= 100_000, nameof(RequestsInFlight), options.RequestsInFlight, "1 to 100000");
            yield return Check(options.AcknowledgedWithin >= TimeSpan.FromSeconds(1) && options.AcknowledgedWithin <= TimeSpan.FromMinutes(10), nameof(AcknowledgedWithin),
                options.AcknowledgedWithin, "00:00:01 to 00:10:00");
        }

        private static string? Check(bool holds, string key, object value, string allowed) => holds
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{Section}:{key} is '{value}'; allowed: {allowed}.");
    }
}
