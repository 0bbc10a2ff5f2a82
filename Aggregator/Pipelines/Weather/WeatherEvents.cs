using Streaming.Aggregator.Enrichment;
using Streaming.Contracts.Weather;

namespace Streaming.Aggregator.Pipelines.Weather;

/// <summary>How the topics of the weather are read and written. What cannot be understood is rejected, with the reason; whether it makes sense is the filter's matter.</summary>
public static class WeatherEvents
{
    /// <summary>The topic <c>raw_weather</c>: <see cref="RawReadingJson"/>.</summary>
    public static readonly EventDecoder<RawReading> Raw = DecodeRaw;

    /// <summary>The topic <c>processed_weather</c>: <see cref="ProcessedReadingJson"/>.</summary>
    public static readonly EventCodec<ProcessedReading> Processed = new(ProcessedReadingJson.Encode, DecodeProcessed);

    /// <summary>The topic <c>tweets</c>: <see cref="TweetJson"/>.</summary>
    public static readonly EventDecoder<Tweet> Tweets = DecodeTweet;

    private static Decoding DecodeRaw(in RecordBytes record, out RawReading e, out long eventTimeMs)
    {
        var rejection = RawReadingJson.Decode(record.Key, record.Value, out var reading);
        e = reading!;
        return Answer(rejection, reading?.Time, out eventTimeMs);
    }

    private static Decoding DecodeProcessed(in RecordBytes record, out ProcessedReading e, out long eventTimeMs)
    {
        var rejection = ProcessedReadingJson.Decode(record.Value, out var reading);
        e = reading!;
        return Answer(rejection, reading?.Time, out eventTimeMs);
    }

    private static Decoding DecodeTweet(in RecordBytes record, out Tweet e, out long eventTimeMs)
    {
        var rejection = TweetJson.Decode(record.Value, out var tweet);
        e = tweet!;
        return Answer(rejection, tweet?.Time, out eventTimeMs);
    }

    private static Decoding Answer(WeatherRejection? rejection, DateTimeOffset? time, out long eventTimeMs)
    {
        eventTimeMs = time?.ToUnixTimeMilliseconds() ?? 0;
        return rejection is null ? Decoding.Taken : Decoding.Rejected(rejection.Word, rejection.Sentence);
    }
}
