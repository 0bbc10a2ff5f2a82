using System.Buffers;
using System.Text.Json;

namespace Streaming.Contracts.Weather;

/// <summary>A short message: a record of the topic <c>tweets</c>, keyed by its author. Which cities it mentions is to be found in its text.</summary>
/// <param name="User">Who wrote it.</param>
/// <param name="Time">When, UTC: the event time.</param>
/// <param name="Text">What; free text.</param>
public sealed record Tweet(string User, DateTimeOffset Time, string Text)
{
    /// <summary>The longest text, in UTF-16 characters.</summary>
    public const int MaxTextLength = 1000;
}

/// <summary><see cref="Tweet"/> as JSON: <c>{"user":"ada","time":"2026-01-01T00:00:00Z","text":"Rain in Zürich again."}</c>.</summary>
public static class TweetJson
{
    /// <summary>The message's JSON as UTF-8 bytes.</summary>
    public static byte[] Encode(Tweet tweet)
    {
        ArgumentNullException.ThrowIfNull(tweet);
        var buffer = new ArrayBufferWriter<byte>(192);
        using var json = new Utf8JsonWriter(buffer, WeatherJson.Writing);
        json.WriteStartObject();
        json.WriteString("user"u8, tweet.User);
        json.WriteString("time"u8, tweet.Time.UtcDateTime);
        json.WriteString("text"u8, tweet.Text);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a record's value.</summary>
    /// <returns>Why it is no message; null when it is one.</returns>
    public static WeatherRejection? Decode(byte[]? value, out Tweet? tweet)
    {
        tweet = WeatherJson.Read(value, Read, out var rejection);
        return rejection;
    }

    private static Tweet Read(WeatherFields fields) => new(fields.Text("user", RawReading.MaxNameLength), fields.Time("time"), fields.Text("text", Tweet.MaxTextLength));
}
