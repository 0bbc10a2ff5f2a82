using System.Text;
using Streaming.Contracts;
using Streaming.Contracts.Weather;

namespace Streaming.Producer.Scenarios.Weather;

/// <summary>
/// Simulates what stations report and what people write. Pure: all randomness comes from the seed, all time from the arguments. Stations report one after the
/// other, each in its turn; messages come at random (a Poisson process per city), more of them where the weather is bad. Not safe for use by several threads.
/// </summary>
public sealed class WeatherGenerator
{
    /// <summary>How many times as many messages a storm makes.</summary>
    private const double StormFactor = 8;

    private readonly WeatherOptions _options;
    private readonly IReadOnlyList<WeatherStation> _stations;
    private readonly byte[][] _keys;
    private readonly WeatherModel _model;
    private readonly Instruments _instruments;
    private readonly Random _random;

    /// <summary>A generator at its beginning, for options that have been validated.</summary>
    public WeatherGenerator(WeatherOptions options, IReadOnlyList<WeatherStation> stations)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(stations);
        ArgumentOutOfRangeException.ThrowIfZero(stations.Count);
        (_options, _stations) = (options, stations);
        _keys = [.. stations.Select(station => Encoding.UTF8.GetBytes(station.Id))];
        _model = new WeatherModel(options.Seed);
        _instruments = new Instruments(options, _model, Uniform);
#pragma warning disable CA5394 // Simulated weather is to be reproducible, not unpredictable.
        _random = new Random(options.Seed);
#pragma warning restore CA5394
    }

    /// <summary>
    /// The endless records after <paramref name="start"/>, in the order in which they are sent. Before <paramref name="live"/> lies the archive: few readings, all good,
    /// and messages only of its last hours.
    /// </summary>
    public IEnumerable<OutgoingRecord> From(DateTimeOffset start, DateTimeOffset live)
    {
        for (var round = start.ToUniversalTime(); ;)
        {
            var isLive = round >= live;
            var length = isLive ? _options.ReportEvery : _options.ArchiveEvery;
            // The last round of the archive ends where the present begins.
            var end = !isLive && round + length > live ? live : round + length;
            foreach (var record in Round(round, end, isLive, hasTweets: isLive || round >= live - TimeSpan.FromHours(_options.ArchiveTweetHours)))
            {
                yield return record;
            }

            round = end;
        }
    }

    /// <summary>Every station reports once, each in its turn; messages come in between.</summary>
    private IEnumerable<OutgoingRecord> Round(DateTimeOffset start, DateTimeOffset end, bool isLive, bool hasTweets)
    {
        for (var i = 0; i < _stations.Count; i++)
        {
            var now = start + ((end - start) * i / _stations.Count);
            if (!isLive)
            {
                yield return new OutgoingRecord(now, Topics.RawWeather.Name, _keys[i], RawReadingJson.Encode(_instruments.Read(_stations[i], now)));
            }
            else if (!IsSilent(i, now))
            {
                yield return new OutgoingRecord(now, Topics.RawWeather.Name, _keys[i], _instruments.Report(_stations[i], now));
            }

            var next = start + ((end - start) * (i + 1) / _stations.Count);
            foreach (var tweet in hasTweets ? TweetsBetween(now, next, isLive) : [])
            {
                yield return tweet;
            }
        }
    }

    /// <summary>One station after the other fails from ten to forty minutes past the hour.</summary>
    internal bool IsSilent(int station, DateTimeOffset at)
    {
        var hour = at.UtcTicks / TimeSpan.TicksPerHour;
        return _options.HasOutages && at.Minute is >= 10 and < 40 && (int)(SmoothNoise.Value(_options.Seed, -1, hour) * _stations.Count) == station;
    }

    private IEnumerable<OutgoingRecord> TweetsBetween(DateTimeOffset from, DateTimeOffset to, bool isLive)
    {
        // Within one turn the weather, and so the rate, does not change.
        var weights = Cities.All.Select(city => 1 + ((StormFactor - 1) * _model.Badness(city, from))).ToArray();
        var perSecond = _options.TweetsPerSecond * weights.Sum() / weights.Length;
        if (perSecond <= 0)
        {
            yield break;
        }

        for (var at = from + Wait(perSecond); at < to; at += Wait(perSecond))
        {
            var city = Draw(weights);
            var other = Cities.All[(int)(Uniform() * Cities.All.Count)];
            var tweet = new Tweet($"user{(int)(Uniform() * 900) + 100}", at, TweetTexts.Write(Cities.All[city], other, _model.Badness(Cities.All[city], at), Uniform));
            yield return new OutgoingRecord(at, Topics.Tweets.Name, Encoding.UTF8.GetBytes(tweet.User), isLive ? _instruments.Disturb(tweet) : TweetJson.Encode(tweet));
        }
    }

    private int Draw(double[] weights)
    {
        var drawn = Uniform() * weights.Sum();
        var i = 0;
        for (; i < weights.Length - 1 && drawn >= weights[i]; i++)
        {
            drawn -= weights[i];
        }

        return i;
    }

    private TimeSpan Wait(double perSecond) => TimeSpan.FromTicks((long)Math.Round(-Math.Log(1 - Uniform()) / perSecond * TimeSpan.TicksPerSecond));

#pragma warning disable CA5394 // Simulated weather is to be reproducible, not unpredictable.
    private double Uniform() => _random.NextDouble();
#pragma warning restore CA5394
}
