using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Streaming.Dashboard.Devices;
using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Pipelines;
using Streaming.Dashboard.Tests.Pipelines;
using static Streaming.Dashboard.Tests.Devices.SiteSamples;
using static Streaming.Dashboard.Tests.Samples;

namespace Streaming.Dashboard.Tests.Devices;

[Collection(SharedDatabase.Name)]
public sealed class SiteFeedsTests(DatabaseServer server)
{
    [Fact]
    public async Task Fault_that_nobody_foresaw_is_told_and_the_next_one_who_looks_begins_anew()
    {
        var connection = await server.MigratedAsync();
        await using var pipeline = new SeededPipeline(connection, "sites");
        await pipeline.DefineAsync(Sites());
        await pipeline.CheckpointAsync(0, Noon, []);
        var settings = Options.Create(new DashboardOptions());
        await using var database = NpgsqlDataSource.Create(connection);
        var reader = new PipelineReader(database, settings);
        await using var feeds = new PipelineFeeds(database, reader, settings, TimeProvider.System, NullLogger<PipelineFeeds>.Instance);

        // Whoever asks what is closed hears of a mistake in the program, not of a database that is away.
        var closed = NpgsqlDataSource.Create(connection);
        await closed.DisposeAsync();
        await using var sites = new SiteFeeds(feeds, new SitePast(closed, reader, settings), settings, TimeProvider.System, NullLogger<SiteFeeds>.Instance);
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));

        for (var visit = 0; visit < 2; visit++)
        {
            using var subscription = sites.Of("1h").Subscribe();
            SiteSnapshot snapshot;
            while ((snapshot = await subscription.NextAsync(bound.Token)).Problem is null)
            {
            }

            Assert.Equal(FeedCondition.Failing, snapshot.Health.Condition);
            Assert.Contains("its log has the details", snapshot.Problem, StringComparison.Ordinal);
        }
    }
}
