using Streaming.EndToEnd.Tests.Browser;

namespace Streaming.EndToEnd.Tests.App;

/// <summary>
/// One running application with every scenario on, and one browser, for all test classes that carry <c>[Collection(AllScenarios.Name)]</c> and take a
/// <see cref="RunningApp"/>: it is started once, before the first of them, and stopped after the last. They leave it as they found it: a test that stops
/// the Producer or the Aggregator, kills a process or writes to a scenario's topic has an application of its own (<c>IClassFixture</c>, as
/// <see cref="SalesApp"/>). The producers go on all the time, so a test compares what is final and what lies below the offsets that it has read.
/// </summary>
[CollectionDefinition(Name)]
public sealed class AllScenarios : ICollectionFixture<RunningApp>, ICollectionFixture<OneBrowser>
{
    public const string Name = "All scenarios";
}

/// <summary>An application with the store sales alone, at a livelier rate: for tests that kill and stop what they please.</summary>
public sealed class SalesApp : RunningApp
{
    protected override IReadOnlyList<string> Arguments => ["--Scenarios=sales", "--Producer:EventsPerSecond=400"];
}

/// <summary>An application with one scenario alone.</summary>
internal sealed class LoneScenario(string scenario) : RunningApp
{
    protected override IReadOnlyList<string> Arguments => [$"--Scenarios={scenario}"];
}

/// <summary>An application without the simulated events, so that a test can tell every number in advance; the topic <c>sales</c> is open to HTTP.</summary>
public sealed class QuietApp : RunningApp
{
    public const string DatabasePassword = "told-by-the-test";

    protected override IReadOnlyList<string> Arguments =>
        ["--Scenarios=sales", "--Producer:Simulate=false", "--Producer:Http:Topics=sales", $"--Parameters:postgres-password={DatabasePassword}"];
}
