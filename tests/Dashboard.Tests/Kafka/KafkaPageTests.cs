using System.Net;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Configuration;
using Streaming.Dashboard.Kafka;

namespace Streaming.Dashboard.Tests.Kafka;

[Collection(SharedDatabase.Name)]
public sealed class KafkaPageTests(DatabaseServer server) : IAsyncLifetime
{
    private readonly WebApplicationFactory<Program> _plain = new();
    private TestBroker _broker = null!;
    private string _database = "";

    public async Task InitializeAsync()
    {
        _broker = await TestBroker.StartAsync();
        _database = await server.MigratedAsync();
    }

    public async Task DisposeAsync()
    {
        await _plain.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task Without_a_cluster_the_pages_say_so()
    {
        using var client = Client(kafka: null);

        foreach (var path in new[] { "/topics", "/topics/sales", "/groups", "/groups/mine" })
        {
            Assert.Contains("No Kafka is configured", await client.GetStringAsync(path), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_pages_show_topics_messages_and_groups_at_the_first_request()
    {
        await _broker.CreateAsync("orders", 2);
        await _broker.ProduceAsync("orders", ("<b>key</b>", "{\"n\":1}"));
        using var client = Client(_broker.Servers);

        Assert.Contains("topics/orders", await client.GetStringAsync("/topics"), StringComparison.Ordinal);
        var topic = await client.GetStringAsync("/topics/orders");
        Assert.Contains("&lt;b&gt;key&lt;/b&gt;", topic, StringComparison.Ordinal);
        Assert.Contains("{&quot;n&quot;:1}", topic, StringComparison.Ordinal);
        Assert.Contains("{&quot;n&quot;:1}", await client.GetStringAsync("/topics/orders?offset=0"), StringComparison.Ordinal);
        Assert.Contains("No consumer group yet", await client.GetStringAsync("/groups"), StringComparison.Ordinal);
        Assert.Contains("There is no group", await client.GetStringAsync("/groups/no%3Cb%3Esuch"), StringComparison.Ordinal);
        Assert.Contains("There is no topic", await client.GetStringAsync("/topics/nowhere"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/topics/no%3Cb%3Esuch")]
    [InlineData("/topics/%2e%2e%2fsecret")]
    public async Task What_can_be_no_topic_is_not_found(string path)
    {
        using var client = Client(_broker.Servers);

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(path)).StatusCode);
    }

    [Fact]
    public void Settings_that_cannot_work_are_refused_with_key_and_value()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:schema-registry"] = "nonsense" }).Build();
        var failure = new KafkaPageOptionsValidator(configuration).Validate(null, new KafkaPageOptions { PollInterval = TimeSpan.Zero, Messages = 0 });

        Assert.Contains("Dashboard:Kafka:PollInterval is 00:00:00", failure.FailureMessage, StringComparison.Ordinal);
        Assert.Contains("Dashboard:Kafka:Messages is 0", failure.FailureMessage, StringComparison.Ordinal);
        Assert.Contains("ConnectionStrings:schema-registry is no http or https address", failure.FailureMessage, StringComparison.Ordinal);
    }

    private HttpClient Client(string? kafka) => _plain.WithWebHostBuilder(host =>
    {
        host.UseSetting("ConnectionStrings:streaming", _database);
        if (kafka is not null)
        {
            host.UseSetting("ConnectionStrings:kafka", kafka);
        }
    }).CreateClient();
}
