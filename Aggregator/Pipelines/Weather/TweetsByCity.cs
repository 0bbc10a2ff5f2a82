using Streaming.Contracts;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Pipelines.Weather;

/// <summary>
/// How much is written about each city. A message counts for the city that it mentions first; one that mentions none is filtered. Messages are keyed by their
/// authors, so the windows are partial in each partition.
/// </summary>
[Scenario(Scenarios.Weather)]
public sealed class TweetsByCity : IPipeline
{
    public const string Name = "tweets-by-city";

    public static PipelineDefinition Define() => Pipeline.Named(Name, "Messages by city")
        .From(Topics.Tweets, WeatherEvents.Tweets)
        .Map(tweet => (City: CityFinder.First(tweet.Text), tweet.User))
        .Where(mention => mention.City is not null)
        .GroupBy("city", mention => mention.City)
        .Windows(
            WindowSpecs.Tumbling(TimeSpan.FromMinutes(10)), WindowSpecs.Tumbling(TimeSpan.FromMinutes(1)),
            WindowSpecs.Tumbling(TimeSpan.FromHours(1)), WindowSpecs.Tumbling(TimeSpan.FromDays(1)))
        .Waits(outOfOrderness: TimeSpan.FromSeconds(5), grace: TimeSpan.FromSeconds(15), futureBound: TimeSpan.FromMinutes(1))
        .Measures(m => m.Count().Distinct("author", mention => mention.User))
        .PutAside(Topics.TweetsLate, Topics.TweetsDeadLetter)
        .Define();
}
