using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.Testing;
using Confluent.Kafka;
using Npgsql;
using Streaming.EndToEnd.Tests.App;

namespace Streaming.EndToEnd.Tests;

/// <summary>
/// Begin here to test an application of your own: events go in by HTTP and by Kafka, numbers come out by HTTP, resources are stopped and started. The
/// application is started once for the class.
/// </summary>
public sealed class ExampleTests(QuietApp app) : IClassFixture<QuietApp>
{
    private const string Store = "zurich-1";

    [Fact]
    public async Task Sales_by_HTTP_and_by_Kafka_are_each_counted_once_also_when_the_aggregator_restarts()
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromMinutes(3));

        await SendByHttpAsync(40, bound.Token);
        await SendByKafkaAsync(2, bound.Token);
        await CountedAsync(sales: 2, amount: 42, bound.Token);

        await app.RestartResourceAsync("aggregator", bound.Token);
        await SendByKafkaAsync(1, bound.Token);
        await CountedAsync(sales: 3, amount: 43, bound.Token);
    }

    [Fact]
    public async Task A_stopped_resource_does_not_answer_and_a_started_one_does()
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        using var dashboard = app.App.CreateHttpClient("dashboard");

        await app.StopResourceAsync("dashboard", bound.Token);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => dashboard.GetAsync(new Uri("alive", UriKind.Relative), bound.Token));

        await app.StartResourceAsync("dashboard", bound.Token);
        Assert.Equal("Healthy", await dashboard.GetStringAsync(new Uri("health", UriKind.Relative), bound.Token));
    }

    [Fact]
    public async Task A_parameter_that_the_test_gives_is_what_the_server_and_its_clients_use()
    {
        Assert.Equal(QuietApp.DatabasePassword, new NpgsqlConnectionStringBuilder(app.Database).Password);

        await using var database = NpgsqlDataSource.Create(app.Database);
        await using var command = database.CreateCommand("SELECT count(*) FROM pipelines");
        Assert.True((long)(await command.ExecuteScalarAsync())! > 0);
    }

    /// <summary>The answer comes when Kafka has acknowledged.</summary>
    private async Task SendByHttpAsync(int amount, CancellationToken cancellationToken)
    {
        using var producer = app.App.CreateHttpClient("producer");
        using var answer = await producer.PostAsJsonAsync($"events/sales?key={Store}", Sale(amount), cancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
    }

    private async Task SendByKafkaAsync(int amount, CancellationToken cancellationToken)
    {
        // The partitioner of all producers here, so that a store's sales stay in one partition.
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = app.Kafka, Partitioner = Partitioner.Murmur2Random }).Build();
        await producer.ProduceAsync("sales", new() { Key = Store, Value = JsonSerializer.Serialize(Sale(amount)) }, cancellationToken);
    }

    private async Task CountedAsync(long sales, long amount, CancellationToken cancellationToken)
    {
        using var dashboard = app.App.CreateHttpClient("dashboard");
        await Eventually.GetAsync(
            async () =>
            {
                var page = await dashboard.GetFromJsonAsync<JsonElement>($"api/windows?pipeline=sales-by-store&key={Store}&last=1h", cancellationToken);
                return (Sales: Sum(page, "count"), Amount: Sum(page, "amount_sum"));
            },
            counted => counted == (sales, amount), $"{sales} sales of {amount} in all", TimeSpan.FromSeconds(60), cancellationToken);
    }

    private static long Sum(JsonElement page, string measure) =>
        page.GetProperty("items").EnumerateArray().Sum(window => window.GetProperty("measures").GetProperty(measure) is { ValueKind: JsonValueKind.Number } value ? value.GetInt64() : 0);

    private static object Sale(int amount) => new { store_id = Store, sale_amount = amount, sale_ts = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() };
}
