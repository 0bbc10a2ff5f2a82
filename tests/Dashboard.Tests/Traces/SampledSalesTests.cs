using Microsoft.AspNetCore.Mvc.Testing;
using Npgsql;
using Streaming.Dashboard.Traces;

namespace Streaming.Dashboard.Tests.Traces;

[Collection(SharedDatabase.Name)]
public sealed class SampledSalesTests(DatabaseServer server)
{
    [Fact]
    public async Task The_page_of_sales_leads_to_the_traces_of_the_newest_sampled_sales_and_of_their_checkpoints()
    {
        var database = await server.MigratedAsync();
        await using var sales = new SeededSales(database);
        await sales.PipelineAsync();
        await sales.StoreAsync("a", "Corner <Shop>");
        await sales.CheckpointAsync(0, [Samples.Window(0, "a", 42, 999)]);
        await SampleAsync(database, 1, 'b', generation: 2);
        for (var offset = 0; offset < 10; offset++)
        {
            await SampleAsync(database, offset, (char)('0' + offset));
        }

        await using var plain = new WebApplicationFactory<Program>();
        await using var application = plain.WithWebHostBuilder(host => host
            .UseSetting("ConnectionStrings:streaming", database).UseSetting("Dashboard:TraceUrl", "http://traces.example/{traceId}"));
        using var client = application.CreateClient();

        var html = await client.GetStringAsync("/sales");

        Assert.Contains("Sampled sales", html, StringComparison.Ordinal);
        Assert.Contains($"href=\"http://traces.example/{new string('9', 32)}\"", html, StringComparison.Ordinal);
        Assert.Contains($"href=\"http://traces.example/{new string('c', 32)}\"", html, StringComparison.Ordinal);
        Assert.Contains("1,009 CHF", html, StringComparison.Ordinal);
        Assert.DoesNotContain(new string('1', 32), html, StringComparison.Ordinal);
        Assert.DoesNotContain(new string('b', 32), html, StringComparison.Ordinal);
        Assert.DoesNotContain("Sampled sales", await client.GetStringAsync("/sales?from=2025-11-21T11:30Z&to=2025-11-21T12:30Z"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_of_one_trace_are_told_apart_and_a_store_without_any_is_said_to_be_not_among_the_newest()
    {
        var database = await server.MigratedAsync();
        await using var sales = new SeededSales(database);
        await sales.PipelineAsync();
        await sales.CheckpointAsync(0, [Samples.Window(0, "a", 42, 999)]);
        await SampleAsync(database, 0, '1');
        await using var source = NpgsqlDataSource.Create(database);
        await using (var copies = source.CreateCommand("""
            INSERT INTO sampled_events (pipeline, generation, topic_id, partition, "offset", event_time, group_key, is_late, "values", trace_parent, checkpoint_trace_parent, version, created_at)
            SELECT pipeline, generation, topic_id, partition, i, event_time, group_key, is_late, "values", trace_parent, checkpoint_trace_parent, version, created_at
            FROM sampled_events, generate_series(1, 100) i
            """))
        {
            Assert.Equal(100, await copies.ExecuteNonQueryAsync());
        }

        var newest = await new SampledReader(source).NewestAsync("sales-by-store", 100, CancellationToken.None);
        await using var plain = new WebApplicationFactory<Program>();
        await using var application = plain.WithWebHostBuilder(host => host.UseSetting("ConnectionStrings:streaming", database));
        using var client = application.CreateClient();

        Assert.Single(newest.Select(sale => sale.TraceParent).Distinct());
        Assert.Equal(100, newest.Select(sale => (sale.TopicId, sale.Partition, sale.Offset)).Distinct().Count());
        Assert.Contains("None of this store among the newest 100.", await client.GetStringAsync("/sales?store=b"), StringComparison.Ordinal);
    }

    private static async Task SampleAsync(string database, int offset, char trace, int generation = 1)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand("""
            INSERT INTO sampled_events (pipeline, generation, topic_id, partition, "offset", event_time, group_key, is_late, "values", trace_parent, checkpoint_trace_parent, version, created_at)
            VALUES ('sales-by-store', $1, $2, 0, $3, $4, 'a', false, $5, $6, $7, 1, now())
            """);
        command.Parameters.AddWithValue(generation);
        command.Parameters.AddWithValue(Samples.Topic);
        command.Parameters.AddWithValue((long)offset);
        command.Parameters.AddWithValue(Samples.Noon.AddSeconds(offset).UtcDateTime);
        command.Parameters.AddWithValue(new long[] { 1000 + offset });
        command.Parameters.AddWithValue($"00-{(trace == '0' ? "0000000000000000000000000000000a" : new string(trace, 32))}-00f067aa0ba902b7-01");
        command.Parameters.AddWithValue($"00-{new string('c', 32)}-00f067aa0ba902b7-01");
        await command.ExecuteNonQueryAsync();
    }
}
