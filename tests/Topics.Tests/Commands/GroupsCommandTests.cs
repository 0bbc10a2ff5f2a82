using Confluent.Kafka;

namespace Streaming.Topics.Tests.Commands;

[Collection(SharedBroker.Name)]
public sealed class GroupsCommandTests(Broker broker)
{
    [Fact]
    public async Task A_group_is_described_with_members_offsets_and_lag()
    {
        var topic = await broker.NewTopicAsync();
        var group = broker.NewName("group");
        await broker.ProduceAsync(topic, "1", "2", "3", "4", "5");
        using var member = broker.Member(group, topic, clientId: "reader <b>");
        member.Commit(Take(member, 2));

        var described = (await Tool.RunAsync(broker, "groups", "describe", group, "--json")).Json;

        Assert.Equal("Stable", described.GetProperty("state").GetString());
        Assert.Equal("reader <b>", described.GetProperty("members")[0].GetProperty("clientId").GetString());
        var position = described.GetProperty("positions")[0];
        Assert.Equal((2, 5, 3), (position.GetProperty("committed").GetInt64(), position.GetProperty("end").GetInt64(), position.GetProperty("lag").GetInt64()));
        Assert.Contains($"{group}\tStable\t1\t3\t{topic}", (await Tool.RunAsync(broker, "groups", "list")).Lines);
        Assert.Contains("reader <b>", (await Tool.RunAsync(["-b", broker.Servers, "groups", "describe", group], onTerminal: true)).Output, StringComparison.Ordinal);
        member.Close();
    }

    [Theory]
    [InlineData(0, "--to-earliest")]
    [InlineData(5, "--to-latest")]
    [InlineData(1, "--to-offset", "1")]
    [InlineData(5, "--to-offset", "99")]
    [InlineData(3, "--to-time", "1970-01-01T00:00:03.500Z")]
    [InlineData(5, "--to-time", "2026-01-31")]
    [InlineData(1, "--shift-by", "-1")]
    [InlineData(0, "--shift-by", "-9223372036854775808")]
    public async Task A_reset_shows_first_and_moves_only_when_executed(long expected, params string[] target)
    {
        var topic = await broker.NewTopicAsync();
        var group = broker.NewName("group");
        await AtTimesAsync(topic, 1000, 2000, 3000, 4000, 5000);
        using (var member = broker.Member(group, topic))
        {
            member.Commit(Take(member, 2));
            member.Close();
        }

        var shown = await Tool.RunAsync(broker, ["groups", "reset", group, .. target]);
        Assert.Equal(0, shown.Code);
        Assert.StartsWith($"{topic}\t0\t2\t{expected}\t", shown.Lines[0], StringComparison.Ordinal);
        Assert.Contains("Nothing was changed", shown.Error, StringComparison.Ordinal);
        Assert.Equal(2, await CommittedAsync(group));

        Assert.Equal(0, (await Tool.RunAsync(broker, ["groups", "reset", group, .. target, "--execute"])).Code);
        Assert.Equal(expected, await CommittedAsync(group));
    }

    [Fact]
    public async Task A_group_with_members_is_not_moved()
    {
        var topic = await broker.NewTopicAsync();
        var group = broker.NewName("group");
        await broker.ProduceAsync(topic, "1", "2");
        using var member = broker.Member(group, topic, clientId: "busy");
        member.Commit(Take(member, 1));

        var run = await Tool.RunAsync(broker, "groups", "reset", group, "--to-latest", "--execute");

        Assert.Equal(1, run.Code);
        Assert.Contains("busy", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, await CommittedAsync(group));
        member.Close();
    }

    [Fact]
    public async Task A_reset_can_begin_a_group_on_chosen_partitions()
    {
        var topic = await broker.NewTopicAsync(3);
        var group = broker.NewName("group");

        var run = await Tool.RunAsync(broker, "groups", "reset", group, "--topic", $"{topic}:0,2", "--to-earliest", "--execute");

        Assert.Equal(0, run.Code);
        Assert.Equal([0, 2], (await Tool.RunAsync(broker, "groups", "describe", group, "--json")).Json.GetProperty("positions").EnumerateArray().Select(p => p.GetProperty("partition").GetInt32()));
        Assert.Equal(2, (await Tool.RunAsync(broker, "groups", "reset", group, "--topic", $"{topic}:7", "--to-earliest")).Code);
    }

    [Fact]
    public async Task An_unknown_group_is_told_and_an_empty_one_can_be_deleted()
    {
        var topic = await broker.NewTopicAsync();
        var group = broker.NewName("group");
        Assert.Equal(1, (await Tool.RunAsync(broker, "groups", "describe", group)).Code);
        Assert.Equal(1, (await Tool.RunAsync(broker, "groups", "reset", group, "--to-latest")).Code);
        await Tool.RunAsync(broker, "groups", "reset", group, "--topic", topic, "--to-earliest", "--execute");

        Assert.Equal(0, (await Tool.RunAsync(broker, "groups", "delete", group, "--yes")).Code);

        Assert.DoesNotContain(group, (await Tool.RunAsync(broker, "groups", "list")).Output, StringComparison.Ordinal);
        Assert.Equal(1, (await Tool.RunAsync(broker, "groups", "delete", group, "--yes")).Code);
    }

    private static ConsumeResult<string, string> Take(IConsumer<string, string> member, int count)
    {
        for (var taken = 1; ; taken++)
        {
            var record = member.Consume(TimeSpan.FromSeconds(30)) ?? throw new TimeoutException($"{taken} records");
            if (taken == count)
            {
                return record;
            }
        }
    }

    private async Task<long> CommittedAsync(string group) =>
        (await Tool.RunAsync(broker, "groups", "describe", group, "--json")).Json.GetProperty("positions")[0].GetProperty("committed").GetInt64();

    private async Task AtTimesAsync(string topic, params long[] times)
    {
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = broker.Servers }).Build();
        foreach (var time in times)
        {
            await producer.ProduceAsync(topic, new Message<Null, string> { Value = "x", Timestamp = new Timestamp(time, TimestampType.CreateTime) });
        }
    }
}
