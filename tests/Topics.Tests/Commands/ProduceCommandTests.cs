namespace Streaming.Topics.Tests.Commands;

[Collection(SharedBroker.Name)]
public sealed class ProduceCommandTests(Broker broker)
{
    [Fact]
    public async Task Lines_become_records_with_keys_and_headers()
    {
        var topic = await broker.NewTopicAsync();

        var sent = await Tool.TypedAsync(broker, "a:1\r\nb:2:3\n:empty key\nlast:line", "produce", topic, "--key-separator", ":", "--header", "source=hand");

        Assert.Equal((0, "Sent 4 records.\n"), (sent.Code, sent.Error));
        Assert.Equal(["source:hand\ta\t1", "source:hand\tb\t2:3", "source:hand\t\tempty key", "source:hand\tlast\tline"], await ReadAsync(topic, "--print", "key,headers"));
    }

    [Fact]
    public async Task A_file_is_read_and_keyed_records_of_one_key_stay_in_one_partition()
    {
        var topic = await broker.NewTopicAsync(4);
        var file = Path.GetTempFileName();
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, 1000).Select(i => $"k{i % 5}\t{i}"));

        var sent = await Tool.RunAsync(broker, "produce", topic, "--file", file, "-K", "\t");
        File.Delete(file);

        Assert.Equal("Sent 1,000 records.\n", sent.Error);
        var records = (await ReadAsync(topic, "--print", "partition,key")).Select(line => line.Split('\t')).ToList();
        Assert.Equal(Enumerable.Range(0, 1000), records.Select(fields => int.Parse(fields[2], System.Globalization.CultureInfo.InvariantCulture)).Order());
        Assert.All(records.GroupBy(fields => fields[1]), key => Assert.Single(key.Select(fields => fields[0]).Distinct()));
    }

    [Theory]
    [InlineData("text", "héllo", "héllo")]
    [InlineData("json", """{"a": [1, null]}""", """{"a": [1, null]}""")]
    [InlineData("xml", "<a><b/></a>", "<a><b/></a>")]
    [InlineData("int16", "-7", "-7")]
    [InlineData("int32", "123456", "123456")]
    [InlineData("int64", "-9007199254740993", "-9007199254740993")]
    [InlineData("double", "0.1", "0.1")]
    [InlineData("bool", "true", "true")]
    [InlineData("hex", "00ff", "00ff")]
    [InlineData("base64", "AP8=", "AP8=")]
    [InlineData("list[int32]", "[1,2,null]", "[1,2,null]")]
    [InlineData("tuple[string,double]", """["a",1.5]""", """["a",1.5]""")]
    public async Task Every_format_passes_as_key_and_value(string format, string text, string expected)
    {
        var topic = await broker.NewTopicAsync();

        var sent = await Tool.TypedAsync(broker, $"{text}|{text}\n", "produce", topic, "-K", "|", "--key-format", format, "--value-format", format);

        Assert.Equal((0, "Sent 1 records.\n"), (sent.Code, sent.Error));
        Assert.Equal([$"{expected}\t{expected}"], await ReadAsync(topic, "--print", "key", "--key-format", format, "--value-format", format));
    }

    [Fact]
    public async Task A_line_that_is_no_record_is_told_with_its_number_and_the_others_are_sent()
    {
        var topic = await broker.NewTopicAsync();

        var sent = await Tool.TypedAsync(broker, "k:{\"a\":1}\nno separator\nk:{broken\nk:2\n", "produce", topic, "-K", ":", "--value-format", "json");

        Assert.Equal(1, sent.Code);
        Assert.Contains("Line 2 is left out: there is no separator ':' in it.", sent.Error, StringComparison.Ordinal);
        Assert.Contains("Line 3 is left out: value: ", sent.Error, StringComparison.Ordinal);
        Assert.Contains("Sent 2 records, left out 2 lines.", sent.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await ReadAsync(topic)).Length);
    }

    [Fact]
    public async Task A_null_marker_sends_a_deletion()
    {
        var topic = await broker.NewTopicAsync(configs: new() { ["cleanup.policy"] = "compact" });

        await Tool.TypedAsync(broker, "a:NULL\n", "produce", topic, "-K", ":", "--null-marker", "NULL");

        Assert.Equal(["a\tnull"], await ReadAsync(topic, "--print", "key"));
        var json = (await Tool.RunAsync(broker, "consume", topic, "--from-beginning", "--until-end", "--json")).Json;
        Assert.Equal(System.Text.Json.JsonValueKind.Null, json.GetProperty("value").ValueKind);
    }

    [Fact]
    public async Task What_the_broker_refuses_is_told_and_counted()
    {
        var topic = await broker.NewTopicAsync(configs: new() { ["cleanup.policy"] = "compact" });

        var sent = await Tool.TypedAsync(broker, "without key\n", "produce", topic);

        Assert.Equal(1, sent.Code);
        Assert.Contains("Line 1 was not taken: ", sent.Error, StringComparison.Ordinal);
        Assert.Contains("1 were not taken", sent.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_whole_file_can_be_one_record()
    {
        var topic = await broker.NewTopicAsync();

        var sent = await Tool.TypedAsync(broker, "<a>\n  <b/>\n</a>\n", "produce", topic, "--whole", "--value-format", "xml");

        Assert.Equal("Sent 1 records.\n", sent.Error);
        Assert.Equal(["<a>\\n  <b/>\\n</a>\\n"], await ReadAsync(topic));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    [InlineData("all")]
    public async Task Every_kind_of_acknowledgement_sends(string acks)
    {
        var topic = await broker.NewTopicAsync();

        var sent = await Tool.TypedAsync(broker, "a\nb\n", "produce", topic, "--acks", acks, "--compression", "gzip");

        Assert.Equal((0, "Sent 2 records.\n"), (sent.Code, sent.Error));
        Assert.Equal(2, (await Tool.RunAsync(broker, "consume", topic, "--from-beginning", "--max", "2", "--timeout", "30")).Lines.Length);
    }

    [Fact]
    public async Task A_partition_can_be_chosen_and_must_exist()
    {
        var topic = await broker.NewTopicAsync(3);

        Assert.Equal(0, (await Tool.TypedAsync(broker, "x\n", "produce", topic, "--partition", "2")).Code);
        Assert.Equal(2, (await Tool.TypedAsync(broker, "x\n", "produce", topic, "--partition", "3")).Code);

        Assert.Equal(["2\tx"], await ReadAsync(topic, "--print", "partition"));
    }

    private async Task<string[]> ReadAsync(string topic, params string[] options) =>
        (await Tool.RunAsync(broker, ["consume", topic, "--from-beginning", "--until-end", .. options])).Lines;
}
