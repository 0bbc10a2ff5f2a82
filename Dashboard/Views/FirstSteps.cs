using System.Collections.Immutable;
using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Views;

/// <summary>One thing that must be there before figures can be.</summary>
/// <param name="Name">What.</param>
/// <param name="IsDone">Whether it is there.</param>
/// <param name="Advice">What to do while it is not.</param>
public sealed record FirstStep(string Name, bool IsDone, string Advice);

/// <summary>What is missing while there is no data, in the order in which it comes to be.</summary>
public static class FirstSteps
{
    public static ImmutableArray<FirstStep> Of(FeedSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var answers = snapshot.Health.Condition is FeedCondition.Live or FeedCondition.WaitingForTables;
        return
        [
            new("The database answers", answers, "Start everything with: dotnet run --project AppHost"),
            new("The Aggregator has made its tables", answers && snapshot.Health.Condition == FeedCondition.Live, "Start the Aggregator; it makes them when it starts."),
            new("The pipeline has begun", snapshot.Generation is not null && !snapshot.Partitions.IsEmpty, "The Aggregator begins it once it reaches Kafka: look at its log."),
            new("The first sale has arrived", !snapshot.Windows.IsEmpty, "Start the Producer, or send your own events to the topic “sales”."),
        ];
    }
}
