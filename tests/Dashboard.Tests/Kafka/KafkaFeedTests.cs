using Confluent.Kafka;
using Streaming.Cluster;
using Streaming.Cluster.Messages;
using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Kafka;

namespace Streaming.Dashboard.Tests.Kafka;

public sealed class KafkaFeedTests : IAsyncLifetime
{
    private TestBroker _broker = null!;
    private KafkaFeeds _feeds = null!;
    private SharedCluster _cluster = null!;

    public async Task InitializeAsync()
    {
        _broker = await TestBroker.StartAsync();
        (_feeds, _cluster) = _broker.Feeds();
    }

    public async Task DisposeAsync()
    {
        await _feeds.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task The_list_has_records_settings_and_a_rate_once_something_comes()
    {
        await _broker.CreateAsync("orders", 2);
        using var subscription = _feeds.Topics.Subscribe();
        var first = await UntilAsync(subscription, list => list.Topics.Length == 1);
        Assert.Equal((2, 1, 0L, "delete", "604800000"), (first.Topics[0].Partitions, first.Topics[0].Replication, first.Topics[0].Records, first.Topics[0].Cleanup, first.Topics[0].RetentionMs));

        await _broker.ProduceAsync("orders", ("a", "1"), ("b", "2"), ("c", "3"));

        var later = await UntilAsync(subscription, list => list.Topics[0] is { Records: 3, PerSecond: > 0 });
        Assert.Equal(FeedCondition.Live, later.Health.Condition);
    }

    [Fact]
    public async Task A_topic_shows_its_newest_messages_as_they_come()
    {
        await _broker.CreateAsync("orders", 2);
        using var subscription = _feeds.Topic("orders").Subscribe();
        await UntilAsync(subscription, topic => topic.Newest is { Messages.IsEmpty: true });

        await _broker.ProduceAsync("orders", ("a", "{\"n\":1}"), ("b", "{\"n\":2}"), ("a", "{\"n\":3}"));
        var topic = await UntilAsync(subscription, topic => topic.Newest?.Messages.Length == 3);

        Assert.Equal("{\"n\":3}", topic.Newest!.Messages[0].Value.Text);
        Assert.Equal(["a", "b", "a"], topic.Newest.Messages.Select(message => message.Key.Text));
        await _broker.ProduceAsync("orders", ("a", "{\"n\":4}"));
        await UntilAsync(subscription, later => later.Newest is { Messages: [{ Value.Text: "{\"n\":4}" }, _, _, _] });
        Assert.Equal(3, topic.Records);
    }

    [Fact]
    public async Task A_topic_that_does_not_exist_is_not_created_by_looking_and_appears_when_it_is()
    {
        using var subscription = _feeds.Topic("later").Subscribe();
        await UntilAsync(subscription, topic => topic.IsMissing);
        await UntilAsync(subscription, topic => topic.IsMissing);

        await _broker.CreateAsync("later");

        await UntilAsync(subscription, topic => !topic.IsMissing && topic.Partitions.Length == 1);
    }

    [Fact]
    public async Task Many_browsers_share_one_set_of_clients_and_the_last_one_closes_it()
    {
        await _broker.CreateAsync("orders");
        var subscriptions = Enumerable.Range(0, 20).Select(_ => _feeds.Topics.Subscribe()).ToList();
        await UntilAsync(subscriptions[0], list => list.Topics.Length == 1);
        Assert.Equal(1, _cluster.Users);

        using (var other = _feeds.Topic("orders").Subscribe())
        {
            await UntilAsync(other, topic => topic.Newest is not null);
            Assert.Equal(2, _cluster.Users);
        }

        subscriptions.ForEach(subscription => subscription.Dispose());
        await _feeds.DisposeAsync();
        Assert.Equal(0, _cluster.Users);
    }

    [Fact]
    public async Task A_broker_that_goes_away_is_told_and_followed_again_when_it_is_back()
    {
        await _broker.CreateAsync("orders");
        using var subscription = _feeds.Topics.Subscribe();
        await UntilAsync(subscription, list => list.Topics.Length == 1);

        await _broker.StopAsync();
        var lost = await UntilAsync(subscription, list => list.Health.Condition == FeedCondition.Reconnecting);
        await _broker.ResumeAsync();
        var back = await UntilAsync(subscription, list => list.Health.Condition == FeedCondition.Live);

        Assert.Single(lost.Topics);
        Assert.Contains(_broker.Servers, lost.Health.Reason, StringComparison.Ordinal);
        Assert.Single(back.Topics);
    }

    [Fact]
    public async Task Groups_show_members_and_lag()
    {
        await _broker.CreateAsync("orders");
        await _broker.ProduceAsync("orders", ("a", "1"), ("b", "2"), ("c", "3"));
        using var member = new ConsumerBuilder<string, string>(new ConsumerConfig { BootstrapServers = _broker.Servers, GroupId = "readers", AutoOffsetReset = AutoOffsetReset.Earliest, EnableAutoCommit = false }).Build();
        member.Subscribe("orders");
        member.Commit(member.Consume(TimeSpan.FromSeconds(30)));

        using var subscription = _feeds.Groups.Subscribe();
        var groups = await UntilAsync(subscription, list => list.Groups is [{ Lag: 2, Members.Length: 1 }]);

        Assert.Equal(("readers", "Stable"), (groups.Groups[0].Group, groups.Groups[0].State));
        member.Close();
    }

    [Fact]
    public async Task A_look_begins_where_it_is_told_to_and_is_bounded()
    {
        await _broker.CreateAsync("orders");
        await _broker.ProduceAsync("orders", [.. Enumerable.Range(0, 120).Select(i => ((string?)"k", $"{i}"))]);

        var from = await _feeds.LookAsync("orders", new ReadFrom.At(60), 0, CancellationToken.None);
        var past = await _feeds.LookAsync("orders", new ReadFrom.Since(DateTimeOffset.UtcNow.AddDays(1)), null, CancellationToken.None);
        var rest = await _feeds.LookAsync("orders", new ReadFrom.At(100), null, CancellationToken.None);

        var again = await _feeds.LookAsync("orders", new ReadFrom.At(60), 0, CancellationToken.None);

        Assert.Equal(from.Messages.Select(message => message.Offset), again.Messages.Select(message => message.Offset));
        Assert.Equal((50, "60", PeekEnd.Count), (from.Messages.Length, from.Messages[0].Value.Text, from.End));
        Assert.Empty(past.Messages);
        Assert.Equal((20, PeekEnd.EndOfTopic), (rest.Messages.Length, rest.End));
        Assert.Equal(ClusterFailure.NotFound, (await Assert.ThrowsAsync<ClusterException>(() => _feeds.LookAsync("nowhere", new ReadFrom.At(0), null, CancellationToken.None))).Failure);
        Assert.Equal(ClusterFailure.NotFound, (await Assert.ThrowsAsync<ClusterException>(() => _feeds.LookAsync("orders", new ReadFrom.At(0), 9, CancellationToken.None))).Failure);
    }

    [Fact]
    public async Task Large_messages_are_cut_and_a_look_ends_with_its_bytes()
    {
        await _broker.CreateAsync("large");
        await _broker.ProduceAsync("large", [.. Enumerable.Range(0, 15).Select(i => ((string?)"k", new string('x', 900_000)))]);

        var page = await _feeds.LookAsync("large", new ReadFrom.Beginning(), null, CancellationToken.None);

        Assert.Equal(PeekEnd.Bytes, page.End);
        Assert.InRange(page.Messages.Length, 8, 11);
        Assert.All(page.Messages, message => Assert.Equal((900_000, true, 16 * 1024), (message.Value.Size, message.Value.IsCut, message.Value.Text.Length)));
    }

    [Fact]
    public void Offsets_are_asked_for_whole_topics_up_to_the_bound()
    {
        var infos = Enumerable.Range(0, 5).Select(i => new Cluster.Reading.TopicInfo($"t{i}", [.. Enumerable.Range(0, 4).Select(p => new Cluster.Reading.PartitionInfo(p, 1, [1], [1]))]));

        Assert.Equal(["t0", "t1"], TopicListReader.Asked([.. infos], 10).Select(partition => partition.Topic).Distinct());
    }

    private static async Task<T> UntilAsync<T>(Subscription<T> subscription, Func<T, bool> condition)
        where T : class
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            if (await subscription.NextAsync(bound.Token) is var snapshot && condition(snapshot))
            {
                return snapshot;
            }
        }
    }
}
