using System.Net;
using Streaming.Cluster;
using Streaming.Cluster.Reading;

namespace Streaming.Dashboard.Tests.Kafka.Actions;

[Collection(SharedDatabase.Name)]
public sealed class TopicActionTests(DatabaseServer server) : IAsyncLifetime
{
    private const string Create = "actions/topics/create";
    private const string Delete = "actions/topics/delete";
    private const string Reset = "actions/groups/reset";

    private TestBroker _broker = null!;
    private string _database = "";

    public async Task InitializeAsync()
    {
        _broker = await TestBroker.StartAsync();
        _database = await server.MigratedAsync();
    }

    public async Task DisposeAsync() => await _broker.DisposeAsync();

    [Fact]
    public async Task Switched_off_which_is_the_default_there_are_no_forms_and_every_action_is_refused()
    {
        await _broker.CreateAsync("orders");
        await using var app = new ActionApp(_broker, _database, isSwitchedOn: new DashboardOptions().TopicActions);

        foreach (var page in new[] { "/topics", "/topics/orders", "/groups" })
        {
            Assert.DoesNotContain("actions/", await app.PageAsync(page), StringComparison.Ordinal);
        }

        foreach (var action in new[] { Create, Delete, Reset })
        {
            var answer = await app.PostAsync(action, ("Name", "orders"), ("Confirmation", "orders"), ("Group", "g"));
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.Contains("Dashboard:TopicActions is false", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.NotNull(await FindAsync("orders"));
    }

    [Fact]
    public async Task A_form_of_another_page_or_under_another_name_of_the_server_is_refused()
    {
        await using var app = new ActionApp(_broker, _database);
        await app.PageAsync("/topics");

        var forged = await app.PostAsync(Create, ("Name", "made"));
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        Assert.Contains("Load the page again", await forged.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await app.Client.PostAsync(new Uri(Create, UriKind.Relative), new StringContent("{}"))).StatusCode);

        app.Client.DefaultRequestHeaders.Host = "rebound.example";
        Assert.Equal(HttpStatusCode.BadRequest, (await app.Client.GetAsync(new Uri("/topics", UriKind.Relative))).StatusCode);
        Assert.Null(await FindAsync("made"));
    }

    [Fact]
    public async Task A_topic_is_created_as_the_form_says()
    {
        await using var app = new ActionApp(_broker, _database);

        var page = await app.SendAsync("/topics", Create, ("Name", "made"), ("Partitions", "3"), ("Replication", "1"), ("Settings", "retention.ms=3600000\r\n\r\ncleanup.policy = compact,delete\r\n"));

        Assert.Contains("Topic 'made' was created.", page, StringComparison.Ordinal);
        Assert.Equal(3, (await FindAsync("made"))!.Partitions.Length);
        using var cluster = Cluster();
        var settings = (await new TopicReader(cluster).SettingsAsync(["made"], CancellationToken.None))["made"];
        Assert.Contains(settings, setting => setting is { Name: "retention.ms", Value: "3600000" });
        Assert.Contains(settings, setting => setting is { Name: "cleanup.policy", Value: "compact,delete" });
    }

    [Fact]
    public async Task What_cannot_be_created_is_told_by_name_and_cause_and_the_form_keeps_what_was_typed()
    {
        await _broker.CreateAsync("there");
        await using var app = new ActionApp(_broker, _database);
        (string Name, string Partitions, string Settings, string Told)[] wrong =
        [
            ("no such name!", "", "", "'no such name!' can be no topic's name"),
            ("few", "0", "", "Partitions of topic 'few': '0' is no whole number"),
            ("odd", "2", "retention.ms", "Settings of topic 'odd': a line takes KEY=VALUE, this is 'retention.ms'."),
            ("late", "2", "retention.ms=soon", "Create topic 'late': "),
            ("there", "2", "", "Create topic 'there': "),
        ];

        foreach (var (name, partitions, settings, told) in wrong)
        {
            var page = await app.SendAsync("/topics", Create, ("Name", name), ("Partitions", partitions), ("Settings", settings));
            Assert.Contains(told, page, StringComparison.Ordinal);
            Assert.Contains($"value=\"{name}\"", page, StringComparison.Ordinal);
        }

        Assert.Single((await FindAsync("there"))!.Partitions);
    }

    [Fact]
    public async Task A_topic_is_deleted_only_when_its_name_is_typed()
    {
        await _broker.CreateAsync("orders");
        await using var app = new ActionApp(_broker, _database);

        var no = await app.SendAsync("/topics/orders", Delete, ("Name", "orders"), ("Confirmation", "order"));
        Assert.Contains("Topic 'orders' was not deleted: what you typed ('order') is not its name.", no, StringComparison.Ordinal);
        Assert.NotNull(await FindAsync("orders"));

        var yes = await app.SendAsync("/topics/orders", Delete, ("Name", "orders"), ("Confirmation", "orders"));
        Assert.Contains("Topic 'orders' was deleted", yes, StringComparison.Ordinal);
        Assert.Null(await FindAsync("orders"));
    }

    [Fact]
    public async Task One_of_our_own_topics_carries_a_warning_that_has_to_be_confirmed()
    {
        await _broker.CreateAsync("outbox-cursors");
        await using var app = new ActionApp(_broker, _database);
        Assert.Contains("This topic is needed.", await app.PageAsync("/topics/outbox-cursors"), StringComparison.Ordinal);

        var no = await app.SendAsync("/topics/outbox-cursors", Delete, ("Name", "outbox-cursors"), ("Confirmation", "outbox-cursors"));
        Assert.Contains("confirm that you know what is lost", no, StringComparison.Ordinal);
        Assert.NotNull(await FindAsync("outbox-cursors"));

        await app.SendAsync("/topics/outbox-cursors", Delete, ("Name", "outbox-cursors"), ("Confirmation", "outbox-cursors"), ("Understood", "yes"));
        Assert.Null(await FindAsync("outbox-cursors"));
    }

    [Fact]
    public async Task A_cluster_that_is_away_is_told_and_the_topic_is_named()
    {
        await using var app = new ActionApp(_broker, _database);
        await app.PageAsync("/topics");
        await _broker.StopAsync();

        Assert.Contains("Create topic 'made': no answer from", await app.SendAsync("/topics", Create, ("Name", "made")), StringComparison.Ordinal);
    }

    private async Task<TopicInfo?> FindAsync(string topic)
    {
        using var cluster = Cluster();
        return await new TopicReader(cluster).FindAsync(topic, CancellationToken.None);
    }

    private ClusterConnection Cluster() => new(new Confluent.Kafka.ClientConfig { BootstrapServers = _broker.Servers }, TimeSpan.FromSeconds(10));
}
