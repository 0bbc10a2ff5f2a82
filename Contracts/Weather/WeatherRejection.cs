namespace Streaming.Contracts.Weather;

/// <summary>
/// Why a record is no reading or no message. Only what cannot be understood is rejected; a reading that says something impossible is understood, and filtered.
/// </summary>
/// <param name="Word">A stable word for the dead letter's reason header: lower case, hyphens.</param>
/// <param name="Sentence">The same for a person.</param>
public sealed record WeatherRejection(string Word, string Sentence)
{
    /// <summary>The record has no value.</summary>
    public static readonly WeatherRejection NoValue = new("no-value", "the record has no value (a tombstone)");

    /// <summary>Bytes that are no JSON object; a bare <c>NaN</c> is no JSON either.</summary>
    public static readonly WeatherRejection Malformed = new("malformed", "the value is not a JSON object");

    /// <summary>The event time is none, before 1970 or after the year 9999.</summary>
    public static readonly WeatherRejection BadTime = new("bad-time", "time is neither ISO 8601 nor milliseconds since 1970, or out of range");

    /// <summary>The units are not known.</summary>
    public static readonly WeatherRejection UnknownUnits = new("unknown-units", "units is none of 'metric', 'us' and 'si'");

    /// <summary>The record has no key.</summary>
    public static readonly WeatherRejection NoKey = new("no-key", "the record has no key; it should be its station");

    /// <summary>The key is another station's, so the record is not in its station's partition.</summary>
    public static readonly WeatherRejection KeyMismatch = new("key-mismatch", "the record's key is not its station");

    /// <summary>A field that must be there is not.</summary>
    public static WeatherRejection Missing(string field) => new("missing-field", $"{field} is missing");

    /// <summary>A field has another JSON type than it should, or its number does not fit.</summary>
    public static WeatherRejection WrongType(string field) => new("wrong-type", $"{field} has another JSON type than it should, or its number does not fit");

    /// <summary>A text is empty, too long, or holds what a database cannot.</summary>
    public static WeatherRejection BadText(string field, int longest) => new("bad-text", $"{field} is empty, longer than {longest} characters, or holds U+0000");
}
