namespace Streaming.Contracts;

public static partial class Topics
{
    /// <summary>
    /// Readings of weather stations as they send them, each in its own units, keyed by station id: <see cref="Weather.RawReading"/> as JSON. A month of them is kept,
    /// so that a changed filter can be replayed.
    /// </summary>
    public static readonly TopicDeclaration RawWeather = new("raw_weather", 3, TimeSpan.FromDays(30)) { MaxMessageBytes = LargestInput };

    /// <summary>Readings that passed the filter, in one system of units, keyed by station id: <see cref="Weather.ProcessedReading"/> as JSON, written in transactions.</summary>
    public static readonly TopicDeclaration ProcessedWeather = new("processed_weather", 3, TimeSpan.FromDays(30)) { MaxMessageBytes = LargestInput, IsTransactional = true };

    /// <summary>Short messages that mention cities, or do not, keyed by their authors: <see cref="Weather.Tweet"/> as JSON.</summary>
    public static readonly TopicDeclaration Tweets = new("tweets", 3, TimeSpan.FromDays(7)) { MaxMessageBytes = LargestInput };

    /// <summary>Processed readings that came after their window had closed.</summary>
    public static readonly TopicDeclaration WeatherLate = new("weather_late", 1, TimeSpan.FromDays(30)) { MaxMessageBytes = LargestInput + SideOutputRoom };

    /// <summary>Raw readings that are none (or processed ones that somebody else has written there), with their bytes, their origin and the error.</summary>
    public static readonly TopicDeclaration WeatherDeadLetter = new("weather_dead_letter", 1, TimeSpan.FromDays(30)) { MaxMessageBytes = LargestInput + SideOutputRoom };

    /// <summary>Processed readings that came after their city's window had closed.</summary>
    public static readonly TopicDeclaration WeatherCityLate = new("weather_city_late", 1, TimeSpan.FromDays(30)) { MaxMessageBytes = LargestInput + SideOutputRoom };

    /// <summary>Processed readings that somebody else has written there and that are none.</summary>
    public static readonly TopicDeclaration WeatherCityDeadLetter =
        new("weather_city_dead_letter", 1, TimeSpan.FromDays(30)) { MaxMessageBytes = LargestInput + SideOutputRoom };

    /// <summary>Messages that came after their window had closed.</summary>
    public static readonly TopicDeclaration TweetsLate = new("tweets_late", 1, TimeSpan.FromDays(30)) { MaxMessageBytes = LargestInput + SideOutputRoom };

    /// <summary>Records of <c>tweets</c> that are no message.</summary>
    public static readonly TopicDeclaration TweetsDeadLetter = new("tweets_dead_letter", 1, TimeSpan.FromDays(30)) { MaxMessageBytes = LargestInput + SideOutputRoom };

    /// <summary>The topics of the weather scenario, in the order in which they are created.</summary>
    public static IReadOnlyList<TopicDeclaration> WeatherTopics { get; } =
        [RawWeather, ProcessedWeather, Tweets, WeatherLate, WeatherDeadLetter, WeatherCityLate, WeatherCityDeadLetter, TweetsLate, TweetsDeadLetter];
}
