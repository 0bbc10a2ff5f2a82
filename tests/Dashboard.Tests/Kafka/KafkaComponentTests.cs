using System.Collections.Immutable;
using Streaming.Cluster.Groups;
using Streaming.Dashboard.Components.Kafka;
using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Kafka;
using Streaming.Dashboard.Tests.Components;
using Streaming.Dashboard.Views;
using static Streaming.Dashboard.Tests.Kafka.KafkaSamples;

namespace Streaming.Dashboard.Tests.Kafka;

public sealed class KafkaComponentTests
{
    private const string Evil = "<script>alert(1)</script>\u001b[2J\u202e";

    [Fact]
    public async Task Ten_thousand_topics_are_one_page_of_rows_with_all_of_them_counted()
    {
        var html = await Markup.OfAsync<TopicTable>(parameters: ("List", Topics([.. Enumerable.Range(0, 10_000).Select(i => Topic($"topic-{i:00000}"))])));

        Assert.Equal(25, Count(html, "class=\"cell-store\""));
        Assert.Contains("<strong>10,000</strong> topics", html, StringComparison.Ordinal);
        Assert.True(html.Length < 60_000, $"{html.Length} characters");
    }

    [Fact]
    public async Task Ten_thousand_partitions_are_one_page_of_rows()
    {
        var html = await Markup.OfAsync<PartitionTable>(parameters: ("Partitions", Enumerable.Range(0, 10_000).Select(Partition).ToImmutableArray()));

        Assert.Contains("<strong>10,000</strong> partitions", html, StringComparison.Ordinal);
        Assert.True(html.Length < 20_000, $"{html.Length} characters");
    }

    [Fact]
    public async Task Topics_are_found_by_a_part_of_their_name_and_Kafkas_own_are_apart()
    {
        var list = Topics(Topic("sales"), Topic("stores"), Topic("__consumer_offsets"));

        var all = await Markup.OfAsync<TopicTable>(parameters: ("List", list));
        var found = await Markup.OfAsync<TopicTable>(view: new ViewState { Find = "SAL" }, parameters: ("List", list));

        Assert.Contains("2 topics, and 1 of Kafka&#x27;s own", all, StringComparison.Ordinal);
        Assert.Contains("topics/sales", found, StringComparison.Ordinal);
        Assert.DoesNotContain("topics/stores", found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_that_are_not_known_are_no_zeros()
    {
        var html = await Markup.OfAsync<TopicTable>(parameters: ("List", Topics(new TopicRow("dark", 4, 1, null, null, null, null, 4, 0))));

        Assert.Contains("4 without leader", html, StringComparison.Ordinal);
        Assert.Equal(3, Count(html, ">–<"));
    }

    [Theory]
    [InlineData(FeedCondition.Reconnecting, "Kafka does not answer.")]
    [InlineData(FeedCondition.Failing, "Kafka refuses.")]
    public async Task A_lost_cluster_is_told_and_what_was_read_stays(FeedCondition condition, string told)
    {
        var list = Topics(Topic("sales")).With(condition, Noon, "because <b>");

        var html = await Markup.OfAsync<TopicTable>(parameters: ("List", list));

        Assert.Contains(told, html, StringComparison.Ordinal);
        Assert.Contains("because &lt;b&gt;", html, StringComparison.Ordinal);
        Assert.Contains("topics/sales", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Markup_and_control_characters_in_messages_are_text()
    {
        var message = Message(Bytes(Evil), Bytes("{\"a\":\"" + "<img src=x onerror=alert(2)>" + "\"}"), 1000, (Evil, Bytes(Evil)), ("none", null));
        var snapshot = await SnapshotAsync([0], message);

        var html = await Markup.OfAsync<TopicView>(parameters: [("Name", "topic"), ("Snapshot", snapshot)]);
        var detail = await Markup.OfAsync<MessageDetail>(parameters: ("Message", snapshot.Newest!.Messages[0]));

        foreach (var page in new[] { html, detail })
        {
            Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
            Assert.DoesNotContain("\u001b", page, StringComparison.Ordinal);
            Assert.DoesNotContain("&#x1B;", page, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("&#x202E;", page, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Contains("&lt;img src=x", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_huge_message_is_shown_by_its_beginning_and_its_size()
    {
        var value = new byte[5_000_000];
        Array.Fill(value, (byte)'x');
        var snapshot = await SnapshotAsync([0], Message(null, value));

        var html = await Markup.OfAsync<TopicView>(parameters: [("Name", "topic"), ("Snapshot", snapshot)]);
        var detail = await Markup.OfAsync<MessageDetail>(parameters: ("Message", snapshot.Newest!.Messages[0]));

        Assert.Contains("5 MB", html, StringComparison.Ordinal);
        Assert.True(html.Length < 20_000, $"{html.Length} characters");
        Assert.Contains("only the beginning is shown", detail, StringComparison.Ordinal);
        Assert.True(detail.Length < 20_000, $"{detail.Length} characters");
    }

    [Fact]
    public async Task Json_is_spread_over_lines_bytes_are_hex_and_no_value_is_told_from_an_empty_one()
    {
        var page = await PageAsync(Message(Bytes("k"), Bytes("{\"b\":[1,2]}")), Message(null, [0xff, 0x00]), Message([], null));

        Assert.Equal("{\n  \"b\": [\n    1,\n    2\n  ]\n}", page.Messages[0].Value.Pretty());
        Assert.Equal("ff00", page.Messages[1].Value.Line(100));
        Assert.Equal(("(empty)", "null"), (page.Messages[2].Key.Line(10), page.Messages[2].Value.Line(10)));
        Assert.Equal("{\"b\"…", page.Messages[0].Value.Line(4));
    }

    [Fact]
    public async Task A_topic_that_is_not_there_is_told()
    {
        var html = await Markup.OfAsync<TopicView>(parameters: [("Name", "gone"), ("Snapshot", TopicSnapshot.Empty with { Health = Live, ReadAt = Noon, IsMissing = true })]);

        Assert.Contains("There is no topic", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_shows_members_offsets_and_lag_with_markup_as_text()
    {
        var member = new GroupMember("id", "<b>client</b>", "/127.0.0.1", null, [new("sales", 0)]);
        var group = new GroupDetail("<i>group</i>", "Stable", "range", "localhost:9092", [member],
        [
            new GroupPosition(new("sales", 0), 40, new Cluster.Reading.LogBounds(0, 100), member),
            new GroupPosition(new("sales", 1), null, null, null),
        ]);
        var list = new GroupList(Live, Noon, [group], ["beyond"]);

        var table = await Markup.OfAsync<GroupTable>(parameters: ("List", list));
        var view = await Markup.OfAsync<GroupView>(parameters: [("Name", "<i>group</i>"), ("List", list)]);

        Assert.Contains("&lt;i&gt;group", table, StringComparison.Ordinal);
        Assert.Contains("beyond", table, StringComparison.Ordinal);
        Assert.Contains("groups/%3Ci%3Egroup%3C%2Fi%3E", table, StringComparison.Ordinal);
        Assert.Contains(">60<", view, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;client", view, StringComparison.Ordinal);
        Assert.Contains("nobody", view, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>client", view, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("compact", null, "newest of each key")]
    [InlineData("delete", "604800000", "for 7 days")]
    [InlineData("delete", "-1", "for ever")]
    [InlineData("compact,delete", "3600000", "newest of each key, for 1 h")]
    [InlineData("delete", "9223372036854775807", "for ever")]
    [InlineData("delete", "1500", "for 1.5 s")]
    [InlineData("delete", "nonsense", "for an unknown time")]
    [InlineData(null, null, "–")]
    public void What_is_kept_is_said_in_words(string? cleanup, string? retention, string words) => Assert.Equal(words, TopicText.Keeping(cleanup, retention));

    [Theory]
    [InlineData("", null, null, true)]
    [InlineData("?offset=12&partition=3", 12L, 3, false)]
    [InlineData("?offset=-5", null, null, true)]
    [InlineData("?offset=99999999999999999999", null, null, true)]
    [InlineData("?offset=0&partition=x", 0L, null, false)]
    [InlineData("?since=nonsense", null, null, true)]
    [InlineData("?since=2026-01-31T10:00:00Z", null, null, false)]
    public void The_address_says_where_to_look_and_nonsense_there_is_the_newest(string query, long? offset, int? partition, bool isLive)
    {
        var look = MessagesPanel.Look.Parse(query);

        Assert.Equal((offset, partition, isLive), (look.Offset, look.Partition, look.IsLive));
    }

    private static int Count(string text, string part) => (text.Length - text.Replace(part, "", StringComparison.Ordinal).Length) / part.Length;
}
