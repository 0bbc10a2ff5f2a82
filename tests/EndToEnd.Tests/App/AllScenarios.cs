namespace Streaming.EndToEnd.Tests.App;

/// <summary>
/// One running application with every scenario on, for all test classes that carry <c>[Collection(AllScenarios.Name)]</c> and take a
/// <see cref="RunningApp"/>: it is started once, before the first of them, and stopped after the last. They look and do not touch: a test that stops a
/// resource, kills a process or writes to a scenario's topic has an application of its own (<c>IClassFixture</c>, as <see cref="SalesApp"/>). The
/// producers go on all the time, so a test compares what is final and what lies below the offsets that it has read.
/// </summary>
[CollectionDefinition(Name)]
public sealed class AllScenarios : ICollectionFixture<RunningApp>
{
    public const string Name = "All scenarios";
}

/// <summary>An application with the store sales alone, at a livelier rate: for tests that kill and stop what they please.</summary>
public sealed class SalesApp : RunningApp
{
    protected override IReadOnlyList<string> Arguments => ["--Scenarios=sales", "--Producer:EventsPerSecond=400"];
}
