namespace Streaming.Topics.Tests.Commands;

[Collection(SharedBroker.Name)]
public sealed class TopicCommandTests(Broker broker)
{
    [Fact]
    public async Task A_created_topic_is_listed_described_and_gone_once_deleted()
    {
        var topic = broker.NewName("made");
        var created = await Tool.RunAsync(broker, "create", topic, "--partitions", "3", "--replication", "1", "--config", "retention.ms=3600000", "-c", "cleanup.policy=compact,delete");
        Assert.Equal((0, ""), (created.Code, created.Output));

        Assert.Contains($"{topic}\t3\t1\t0", (await Tool.RunAsync(broker, "list")).Lines);
        var described = (await Tool.RunAsync(broker, "describe", topic, "--json")).Json;
        Assert.Equal(3, described.GetProperty("partitions").GetArrayLength());
        Assert.Equal(1, described.GetProperty("partitions")[2].GetProperty("leader").GetInt32());
        Assert.Equal("3600000", described.GetProperty("configs").GetProperty("retention.ms").GetString());
        Assert.Equal("compact,delete", described.GetProperty("configs").GetProperty("cleanup.policy").GetString());

        Assert.Equal(0, (await Tool.RunAsync(broker, "delete", topic, "--yes")).Code);
        Assert.DoesNotContain(topic, (await Tool.RunAsync(broker, "list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_description_tells_offsets_and_how_many_records_there_are()
    {
        var topic = await broker.NewTopicAsync(2);
        await broker.ProduceAsync(topic, [("a", "1"u8.ToArray()), ("a", "2"u8.ToArray()), ("a", "3"u8.ToArray())]);

        var partitions = (await Tool.RunAsync(broker, "describe", topic, "--json")).Json.GetProperty("partitions").EnumerateArray().ToList();

        Assert.Equal(3, partitions.Sum(partition => partition.GetProperty("records").GetInt64()));
        Assert.Equal(3, partitions.Sum(partition => partition.GetProperty("end").GetInt64() - partition.GetProperty("begin").GetInt64()));
    }

    [Fact]
    public async Task A_terminal_gets_tables_and_a_pipe_gets_fields()
    {
        var topic = await broker.NewTopicAsync();

        var person = await Tool.RunAsync(["-b", broker.Servers, "describe", topic], onTerminal: true);
        var script = await Tool.RunAsync(broker, "describe", topic);

        Assert.Contains("│", person.Output, StringComparison.Ordinal);
        Assert.Contains("Leader", person.Output, StringComparison.Ordinal);
        Assert.Equal("0\t1\t1\t1\t0\t0\t0", script.Lines[0]);
        Assert.DoesNotContain("Leader", script.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleting_asks_first_and_a_no_deletes_nothing()
    {
        var topic = await broker.NewTopicAsync();
        await broker.ProduceAsync(topic, "one", "two");

        var no = await Tool.RunAsync(["-b", broker.Servers, "delete", topic], "n\n"u8.ToArray(), onTerminal: true);
        var script = await Tool.RunAsync(broker, "delete", topic);

        Assert.Contains("about 2 records?", no.Error, StringComparison.Ordinal);
        Assert.Equal(1, no.Code);
        Assert.Equal(2, script.Code);
        Assert.Contains("--yes", script.Error, StringComparison.Ordinal);
        Assert.Contains(topic, (await Tool.RunAsync(broker, "list")).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await Tool.RunAsync(["-b", broker.Servers, "delete", topic], "yes\n"u8.ToArray(), onTerminal: true)).Code);
        Assert.DoesNotContain(topic, (await Tool.RunAsync(broker, "list")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exists already", "already exists", "create", "TOPIC")]
    [InlineData("bad name", "Create topic 'no such name!'", "create", "no such name!")]
    [InlineData("bad config", "retention.ms", "create", "fine", "--config", "retention.ms=soon")]
    [InlineData("unknown topic", "There is no topic 'nowhere'.", "describe", "nowhere")]
    [InlineData("unknown topic", "there is no such topic", "delete", "nowhere", "--yes")]
    [InlineData("unknown topic", "There is no topic 'nowhere'", "produce", "nowhere")]
    [InlineData("unknown topic", "There is no topic 'nowhere'.", "consume", "nowhere")]
    public async Task What_the_cluster_will_not_do_is_told_and_exits_with_one(string what, string expected, params string[] arguments)
    {
        var topic = await broker.NewTopicAsync();

        var run = await Tool.RunAsync(broker, [.. arguments.Select(argument => argument == "TOPIC" ? topic : argument)]);

        Assert.True(run.Code == 1, what);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("create")]
    [InlineData("nonsense")]
    [InlineData("list", "--nonsense")]
    [InlineData("create", "t", "--config", "novalue")]
    [InlineData("create", "t", "--config", "a=1", "--config", "a=2")]
    [InlineData("create", "t", "--partitions", "many")]
    [InlineData("consume", "t", "--offset", "five")]
    [InlineData("consume", "t", "--offset", "5", "--from-beginning")]
    [InlineData("consume", "t", "--time", "yesterday")]
    [InlineData("consume", "t", "--group", "g", "--offset", "5")]
    [InlineData("consume", "t", "--print", "colour")]
    [InlineData("consume", "t", "--isolation", "serializable")]
    [InlineData("consume", "t", "--value-format", "nonsense")]
    [InlineData("produce", "t", "--acks", "2")]
    [InlineData("produce", "t", "--header", "novalue")]
    [InlineData("groups", "reset", "g")]
    [InlineData("groups", "reset", "g", "--to-earliest", "--to-latest")]
    [InlineData("list", "--command-config", "/nonexistent/file")]
    [InlineData("list", "--request-timeout", "0")]
    public async Task A_command_line_that_makes_no_sense_exits_with_two(params string[] arguments)
    {
        var run = await Tool.RunAsync(["-b", "127.0.0.1:1", .. arguments]);

        Assert.Equal(2, run.Code);
        Assert.NotEmpty(run.Error);
    }

    [Fact]
    public async Task The_address_comes_from_the_environment_when_no_option_says_it()
    {
        var topic = await broker.NewTopicAsync();

        var run = await Tool.RunAsync(["list"], environment: name => name == "ConnectionStrings__kafka" ? broker.Servers : null);

        Assert.Contains(topic, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_that_is_not_there_is_told_with_its_address()
    {
        var run = await Tool.RunAsync(["-b", "127.0.0.1:1", "list", "--request-timeout", "1"]);

        Assert.Equal(1, run.Code);
        Assert.Contains("127.0.0.1:1", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_topic_that_is_there_already_is_no_error_when_asked_so()
    {
        var topic = await broker.NewTopicAsync(2);

        var run = await Tool.RunAsync(broker, "create", topic, "--if-not-exists");

        Assert.Equal(0, run.Code);
        Assert.Contains("2 partitions", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("create")]
    [InlineData("list")]
    [InlineData("describe")]
    [InlineData("delete")]
    [InlineData("produce")]
    [InlineData("consume")]
    [InlineData("groups")]
    public async Task Every_command_has_help(string command)
    {
        var help = await Tool.RunAsync([command, "--help"]);

        Assert.Equal(0, help.Code);
        Assert.Contains("--bootstrap-server", help.Output, StringComparison.Ordinal);
    }
}
