using System.Text;
using Confluent.Kafka;

namespace Streaming.Topics.Tests.Commands;

[Collection(SharedBroker.Name)]
public sealed class ConsumeCommandTests(Broker broker)
{
    [Fact]
    public async Task Reading_begins_where_it_is_told_to()
    {
        var topic = await broker.NewTopicAsync();
        await AtTimesAsync(topic, 1000, 2000, 3000, 4000);

        Assert.Equal(["1000", "2000", "3000", "4000"], await ReadAsync(topic, "--from-beginning"));
        Assert.Equal(["3000", "4000"], await ReadAsync(topic, "--offset", "2"));
        Assert.Equal(["3000", "4000"], await ReadAsync(topic, "--offset", "2", "--partition", "0"));
        Assert.Equal(["4000"], await ReadAsync(topic, "--offset", "-1"));
        Assert.Equal(["2000", "3000", "4000"], await ReadAsync(topic, "--time", "1970-01-01T00:00:01.500Z"));
        Assert.Empty(await ReadAsync(topic, "--time", "2h"));
        Assert.Equal(["1000", "2000", "3000", "4000"], await ReadAsync(topic, "--offset", "earliest"));
        Assert.Empty(await ReadAsync(topic));
        Assert.Equal(["1000", "2000"], await ReadAsync(topic, "--from-beginning", "--max", "2"));
    }

    [Fact]
    public async Task Waiting_in_vain_for_a_number_of_records_exits_with_three()
    {
        var topic = await broker.NewTopicAsync();
        await broker.ProduceAsync(topic, "one");

        var run = await Tool.RunAsync(broker, "consume", topic, "--from-beginning", "--max", "2", "--timeout", "0.3");

        Assert.Equal((3, "one\n"), (run.Code, run.Output));
    }

    [Fact]
    public async Task Ctrl_C_ends_it_with_130()
    {
        var topic = await broker.NewTopicAsync();
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));

        var run = await Tool.RunAsync(["-b", broker.Servers, "consume", topic], cancellationToken: stop.Token);

        Assert.Equal(130, run.Code);
    }

    [Fact]
    public async Task A_group_goes_on_after_what_was_printed()
    {
        var topic = await broker.NewTopicAsync(2);
        await broker.ProduceAsync(topic, "1", "2", "3", "4", "5");
        var group = broker.NewName("group");

        var first = await Tool.RunAsync(broker, "consume", topic, "--group", group, "--from-beginning", "--max", "2", "--timeout", "30");
        var second = await Tool.RunAsync(broker, "consume", topic, "--group", group, "--from-beginning", "--max", "3", "--timeout", "30");

        Assert.Equal((2, 3), (first.Lines.Length, second.Lines.Length));
        Assert.Equal(["1", "2", "3", "4", "5"], first.Lines.Concat(second.Lines).Order());
    }

    [Fact]
    public async Task What_is_in_a_record_never_commands_the_terminal()
    {
        var topic = await broker.NewTopicAsync();
        var evil = Encoding.UTF8.GetBytes("\u001b]0;owned\u0007\u001b[2J\rhidden\n\u009b31m \u202eevil");
        using (var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = broker.Servers }).Build())
        {
            await producer.ProduceAsync(topic, new Message<byte[], byte[]> { Key = evil, Value = evil, Headers = new Headers { { "h\u001b[31m", evil } } });
            await producer.ProduceAsync(topic, new Message<byte[], byte[]> { Key = "k"u8.ToArray(), Value = Encoding.UTF8.GetBytes("{\"a\":\"\u009b31m\u202e\"}") });
            await producer.ProduceAsync(topic, new Message<byte[], byte[]> { Value = Encoding.UTF8.GetBytes("\u009b31m without any of C0") });
        }

        foreach (var options in new string[][] { ["--print", "all"], ["--json"], ["--print", "all", "--value-format", "text", "--key-format", "text"] })
        {
            var run = await Tool.RunAsync(["-b", broker.Servers, "consume", topic, "--from-beginning", "--until-end", .. options], onTerminal: true);

            Assert.Equal(0, run.Code);
            Assert.Equal(3, run.Lines.Length);
            Assert.DoesNotContain(run.Output, c => (char.IsControl(c) && c is not ('\n' or '\t')) || c is '\u202e');
        }
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_printed_as_hex_and_json_says_so()
    {
        var topic = await broker.NewTopicAsync();
        await broker.ProduceAsync(topic, ("k", [0xff, 0x00, 0x1b]));

        Assert.Equal(["ff001b"], await ReadAsync(topic, "--from-beginning"));
        var json = (await Tool.RunAsync(broker, "consume", topic, "--from-beginning", "--until-end", "--json")).Json;
        Assert.Equal(("k", "ff001b", "hex"), (json.GetProperty("key").GetString(), json.GetProperty("value").GetString(), json.GetProperty("valueRead").GetString()));
    }

    [Fact]
    public async Task Json_values_stay_json_on_one_line()
    {
        var topic = await broker.NewTopicAsync();
        await broker.ProduceAsync(topic, "{\n  \"a\": 1.10,\n  \"b\": [\"x\"]\n}");

        var run = await Tool.RunAsync(broker, "consume", topic, "--from-beginning", "--until-end", "--json");

        Assert.Single(run.Lines);
        Assert.Equal("1.10", run.Json.GetProperty("value").GetProperty("a").GetRawText());
        Assert.Equal((0, 0), (run.Json.GetProperty("partition").GetInt32(), run.Json.GetProperty("offset").GetInt32()));
    }

    [Fact]
    public async Task Records_of_aborted_transactions_are_read_only_when_asked_for()
    {
        var topic = await broker.NewTopicAsync();
        using (var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = broker.Servers, TransactionalId = broker.NewName("tx") }).Build())
        {
            producer.InitTransactions(TimeSpan.FromSeconds(20));
            producer.BeginTransaction();
            await producer.ProduceAsync(topic, new Message<Null, string> { Value = "aborted" });
            producer.AbortTransaction();
            producer.BeginTransaction();
            await producer.ProduceAsync(topic, new Message<Null, string> { Value = "committed" });
            producer.CommitTransaction();
        }

        Assert.Equal(["committed"], await ReadAsync(topic, "--from-beginning"));
        Assert.Equal(["aborted", "committed"], await ReadAsync(topic, "--from-beginning", "--isolation", "read_uncommitted"));
    }

    [Fact]
    public async Task A_partition_that_is_not_there_is_told() =>
        Assert.Contains("has 1 partitions", (await Tool.RunAsync(broker, "consume", await broker.NewTopicAsync(), "--partition", "7")).Error, StringComparison.Ordinal);

    private async Task<string[]> ReadAsync(string topic, params string[] options) => (await Tool.RunAsync(broker, ["consume", topic, "--until-end", .. options])).Lines;

    private async Task AtTimesAsync(string topic, params long[] times)
    {
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = broker.Servers }).Build();
        foreach (var time in times)
        {
            await producer.ProduceAsync(topic, new Message<Null, string> { Value = $"{time}", Timestamp = new Timestamp(time, TimestampType.CreateTime) });
        }
    }
}
