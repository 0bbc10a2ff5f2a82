using Streaming.Aggregator.Outbox;
using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Xunit;

namespace Streaming.Aggregator.Tests.Outbox;

[Collection(PostgresTests.Name)]
public sealed class RelayTests(PostgresFixture postgres)
{
    private const string Pipeline = "sales-by-store";
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Lease_is_one_holders_until_it_ends_or_is_given_back()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        var (a, b) = (new RelayLeaseStore(stage.Database, Pipeline, "a", Lease), new RelayLeaseStore(stage.Database, Pipeline, "b", Lease));

        Assert.True(await a.TakeAsync(default));
        Assert.False(await b.TakeAsync(default));
        Assert.True(await a.TakeAsync(default));
        await stage.ExecuteAsync("UPDATE relay_leases SET expires_at = now() - interval '1 second'");
        Assert.True(await b.TakeAsync(default));
        Assert.False(await a.TakeAsync(default));
        await b.ReleaseAsync(default);
        Assert.True(await a.TakeAsync(default));
    }

    [Fact]
    public async Task Former_holder_removes_nothing()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await FillAsync(stage, 3);
        var former = new OutboxStore(stage.Database, Pipeline, "a");
        var rows = await former.ReadAsync(10, 1000, default);
        await new RelayLeaseStore(stage.Database, Pipeline, "b", Lease).TakeAsync(default);

        Assert.Equal(0, await former.DeleteAsync(rows, default));
        await former.ParkAsync(rows[0], "too large", default);

        Assert.Equal(3, await stage.NumberAsync("SELECT count(*) FROM outbox"));
    }

    [Fact]
    public async Task Another_instance_takes_the_relay_over_when_the_holder_is_killed()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        using var holder = stage.StartProcess();
        await Until.TrueAsync(async () => await stage.NumberAsync("SELECT count(*) FROM relay_leases") == 1, "the first holds the lease",
            () => Task.FromResult(stage.Lines.ToString()));
        holder.Kill();
        await stage.StartAggregatorAsync();
        await FillAsync(stage, 500);

        await stage.OutboxIsEmptyAsync();

        Assert.Equal(Enumerable.Range(1, 500), stage.ReadAll(Topics.SalesLate).Select(Number).Distinct());
    }

    [Fact]
    public async Task Row_that_the_broker_never_takes_is_parked_and_passed()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await FillAsync(stage, 3);
        await stage.ExecuteAsync("UPDATE outbox SET value = decode(repeat('ab', 3000000), 'hex') WHERE seq = 2");
        await stage.StartAggregatorAsync();

        await stage.OutboxIsEmptyAsync();

        // At least once: the row behind the parked one may be there twice.
        Assert.Equal([1, 3], stage.ReadAll(Topics.SalesLate).Select(Number).Distinct());
        Assert.Equal(1, await stage.NumberAsync("SELECT count(*) FROM parked_outbox WHERE seq = 2 AND value_hash = sha256(value) AND length(error) > 0"));
        Assert.True(stage.Lines.Has(2303));
    }

    private static int Number(Confluent.Kafka.ConsumeResult<byte[]?, byte[]?> record) => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(record.Message.Value);

    /// <summary>Rows 1 to n of one partition for the late topic, each with its number as value.</summary>
    private static Task FillAsync(PipelineStage stage, int rows) => stage.ExecuteAsync(
        $"INSERT INTO outbox SELECT '{Pipeline}', 1, '00000000-0000-0000-0000-000000000001', 0, n, 'sales-late', null, int4send(n), null, now() FROM generate_series(1, {rows}) n");
}
