using System.Diagnostics;
using Streaming.EndToEnd.Tests.App;
using Streaming.EndToEnd.Tests.Oracle;

namespace Streaming.EndToEnd.Tests;

/// <summary>The whole application under load, one Aggregator killed midway, and then every committed number against a naive recount.</summary>
public sealed class SalesPipelineTests(RunningApp app) : IClassFixture<RunningApp>
{
    private const long OutOfOrdernessMs = 5_000;
    private const long GraceMs = 10_000;

    [Fact]
    public async Task After_an_aggregator_was_killed_the_results_equal_an_independent_recount_of_the_topic()
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await ProgressAsync(atLeast: 2_000, bound.Token);

        var replicas = await app.ProcessIdsAsync("aggregator", replicas: 2, bound.Token);
        using (var victim = Process.GetProcessById(replicas[0]))
        {
            victim.Kill();
        }

        await ProgressAsync(atLeast: await EventsAsync(bound.Token) + 2_000, bound.Token);
        await app.StopResourceAsync("producer", bound.Token);

        var records = SalesTopic.ReadAll(app.Kafka, "sales").Select(SaleRecord.From).ToList();
        await ReadToTheEndAsync(records, bound.Token);
        var expected = NaiveWindows.Of(records, await app.Results.MarksAsync(bound.Token), OutOfOrdernessMs, GraceMs);

        Assert.Equal(Sorted(expected.Windows), Sorted(await app.Results.WindowsAsync(bound.Token)));
        var checkpoints = await app.Results.CheckpointsAsync(bound.Token);
        Assert.Equal(expected.Late, checkpoints.Sum(c => c.Late));
        Assert.Equal(expected.Rejected, checkpoints.Sum(c => c.Rejected));
        Assert.Equal(records.Count, checkpoints.Sum(c => c.Accepted + c.Late + c.Rejected));
        Assert.True(expected.Rejected > 0, "the producer was asked for malformed events and sent none");
        Assert.True(expected.Late > 0, "the producer was asked for late events and sent none");

        await SideOutputsHoldEverythingAsync(expected, bound.Token);
    }

    private async Task SideOutputsHoldEverythingAsync(NaiveWindows expected, CancellationToken cancellationToken)
    {
        await Eventually.GetAsync(() => app.Results.OutboxDepthAsync(cancellationToken), depth => depth == 0, "an empty outbox", TimeSpan.FromSeconds(60), cancellationToken);

        // The relay sends at least once, so a record may stand there twice: its origin tells.
        Assert.Equal(expected.Rejected, Origins("sales-dead-letter"));
        Assert.Equal(expected.Late, Origins("sales-late"));
    }

    private long Origins(string topic) => SalesTopic.ReadAll(app.Kafka, topic)
        .Select(r => (Header(r, "streaming-origin-partition"), Header(r, "streaming-origin-offset")))
        .Distinct()
        .Count();

    private static string Header(Confluent.Kafka.ConsumeResult<byte[], byte[]> record, string name) =>
        System.Text.Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes(name));

    private async Task ProgressAsync(long atLeast, CancellationToken cancellationToken) => await Eventually.GetAsync(
        () => EventsAsync(cancellationToken), events => events >= atLeast, $"{atLeast} events in the checkpoints", TimeSpan.FromSeconds(90), cancellationToken);

    private async Task<long> EventsAsync(CancellationToken cancellationToken) =>
        (await app.Results.CheckpointsAsync(cancellationToken)).Sum(c => c.Accepted);

    private async Task ReadToTheEndAsync(List<SaleRecord> records, CancellationToken cancellationToken)
    {
        var ends = records.GroupBy(r => r.Partition).ToDictionary(g => g.Key, g => g.Max(r => r.Offset) + 1);
        await Eventually.GetAsync(
            () => app.Results.CheckpointsAsync(cancellationToken),
            checkpoints => ends.All(end => checkpoints.Any(c => c.Partition == end.Key && c.NextOffset >= end.Value)),
            "checkpoints at the topic's end",
            TimeSpan.FromSeconds(90),
            cancellationToken);
    }

    private static List<WindowTotals> Sorted(IEnumerable<WindowTotals> windows) =>
        [.. windows.OrderBy(w => w.Partition).ThenBy(w => w.Start).ThenBy(w => w.StoreId, StringComparer.Ordinal)];
}
