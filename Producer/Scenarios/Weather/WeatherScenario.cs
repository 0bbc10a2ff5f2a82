using Microsoft.Extensions.Options;
using Streaming.Contracts;

namespace Streaming.Producer.Scenarios.Weather;

/// <summary>Weather stations' readings, and messages about the weather.</summary>
/// <param name="options">What is simulated.</param>
/// <param name="time">Says where the archive ends and the present begins; nothing else.</param>
public sealed class WeatherScenario(IOptions<WeatherOptions> options, TimeProvider time) : IScenario
{
    /// <inheritdoc/>
    public string Name => Contracts.Scenarios.Weather;

    /// <inheritdoc/>
    public string Title => "weather readings and messages";

    /// <inheritdoc/>
    public IReadOnlyList<TopicDeclaration> Topics { get; } = [Contracts.Topics.RawWeather, Contracts.Topics.Tweets];

    /// <inheritdoc/>
    public TimeSpan History => TimeSpan.FromDays(options.Value.ArchiveDays);

    /// <inheritdoc/>
    public IEnumerable<OutgoingRecord> References() => [];

    /// <inheritdoc/>
    public IEnumerable<OutgoingRecord> From(DateTimeOffset start) =>
        new WeatherGenerator(options.Value, StationCatalogue.All).From(start, time.GetUtcNow() - TimeSpan.FromMinutes(options.Value.BackfillMinutes));
}
