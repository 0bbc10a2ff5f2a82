using System.Net.Sockets;
using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Options;
using Streaming.Tests;
using static Streaming.Producer.Tests.Eventually;

namespace Streaming.Producer.Tests.Http;

public sealed class IntakeTests : IAsyncLifetime
{
    private Cluster _cluster = null!;

    public async Task InitializeAsync()
    {
        _cluster = await Cluster.StartAsync();
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = _cluster.BootstrapServers }).Build();
        await admin.CreateTopicsAsync([new() { Name = "own", NumPartitions = 3 }, new() { Name = "log", NumPartitions = 1, Configs = new() { ["max.message.bytes"] = "4096" } }]);
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task An_event_is_acknowledged_by_where_it_lies_and_unchanged()
    {
        await using var server = await StartAsync();

        var answer = await server.PostAsync("/events/own?key=z%C3%BCrich", "{ \"a\" : 1.50 }");

        Assert.Equal(200, answer.Status);
        var record = Assert.Single(_cluster.Read("own", 3));
        Assert.Equal(("zürich", "{ \"a\" : 1.50 }"), (Text(record.Message.Key), Text(record.Message.Value)));
        Assert.Equal(
            ("own", record.Partition.Value, record.Offset.Value),
            (answer.Json.GetProperty("topic").GetString(), answer.Json.GetProperty("partition").GetInt32(), answer.Json.GetProperty("offset").GetInt64()));
    }

    [Theory]
    [InlineData("application/json; charset=utf-8", "[1,null]")]
    [InlineData("application/cloudevents+json", "{\"id\":1}")]
    [InlineData("text/plain", "Zürich")]
    [InlineData("text/plain", "")]
    [InlineData("application/xml", "<a xmlns='x'><b/></a>")]
    [InlineData("text/xml", "<?xml version=\"1.0\" encoding=\"utf-8\"?><a/>")]
    [InlineData("application/octet-stream", "\0\u0001\uFFFD")]
    public async Task Every_format_passes_unchanged(string contentType, string body)
    {
        await using var server = await StartAsync();

        Assert.Equal(200, (await server.PostAsync("/events/own", body, contentType, ("Event-Key", "k"))).Status);

        Assert.Equal(Encoding.UTF8.GetBytes(body), Assert.Single(_cluster.Read("own", 3)).Message.Value);
    }

    [Fact]
    public async Task A_key_can_be_a_field_and_have_a_format()
    {
        await using var server = await StartAsync();

        await server.PostAsync("/events/own?key-field=id&key-format=int64", "{\"id\":7}");

        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 7], Assert.Single(_cluster.Read("own", 3)).Message.Key);
    }

    [Theory]
    [InlineData("/events/own?key=k", "{\"a\":}", "application/json", 400, "line 1, byte 6")]
    [InlineData("/events/own?key=k", "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "application/xml", 400, "DTD is prohibited")]
    [InlineData("/events/own?key=k&key-field=a", "{}", "application/json", 400, "more than once")]
    [InlineData("/events/own?key-field=a", "x", "text/plain", 400, "key-field looks into JSON")]
    [InlineData("/events/own?key=x&key-format=int32", "{}", "application/json", 400, "'x' is not a whole number")]
    [InlineData("/events/own?key=x&key-format=int", "{}", "application/json", 400, "'int' is no format")]
    [InlineData("/events/secret?key=k", "{}", "application/json", 404, "Producer:Http:Topics")]
    [InlineData("/events/gone?key=k", "{}", "application/json", 404, "no such topic on the cluster")]
    [InlineData("/events/log", "{\"a\":\"…\"}", "application/json", 413, "larger than 3584 bytes")]
    [InlineData("/events/own?key=k", "{}", "image/png", 415, "application/json, application/xml")]
    [InlineData("/events/own?key=k", "{}", "application/json; charset=latin1", 415, "in UTF-8")]
    [InlineData("/events/own?key=k", "{}", "application/x-ndjson", 415, "is not taken here")]
    [InlineData("/events/own/batch?key=k", "{}", "text/plain", 415, "is not taken here")]
    [InlineData("/events/own?key=k", "{}", null, 415, "is not taken here")]
    [InlineData("/events/own", "{}", "application/json", 422, "need a key")]
    [InlineData("/events/own?key-field=a", "{}", "application/json", 422, "the key field 'a' is missing")]
    [InlineData("/events/own?key-field=a", "[]", "application/json", 422, "no JSON object")]
    [InlineData("/events/own/batch?key=k", "{}", "application/json", 400, "is an array")]
    [InlineData("/events/own/batch?key=k&on-error=pray", "[]", "application/json", 400, "stop or skip")]
    public async Task What_is_wrong_is_answered_with_its_status_and_the_reason_and_nothing_is_sent(string path, string body, string? contentType, int status, string reason)
    {
        await using var server = await StartAsync();

        var answer = await server.PostAsync(path, body.Replace("…", new string('x', 5000), StringComparison.Ordinal), contentType);

        Assert.Equal((status, "application/problem+json"), (answer.Status, answer.MediaType));
        Assert.Contains(reason, answer.Detail, StringComparison.Ordinal);
        Assert.Empty(_cluster.Read("own", 3).Concat(_cluster.Read("log", 1)));
    }

    [Theory]
    [InlineData("application/x-ndjson", "{\"k\":\"a\",\"n\":0}\r\n\n{\"k\":\"a\",\"n\":1}\n{\"k\":\"b\", \"n\":2}")]
    [InlineData("application/json", " [ {\"k\":\"a\",\"n\":0},{\"k\":\"a\",\"n\":1} ,{\"k\":\"b\", \"n\":2} ] ")]
    public async Task A_batch_is_sent_in_order(string contentType, string body)
    {
        await using var server = await StartAsync();

        var answer = await server.PostAsync("/events/own/batch?key-field=k", body, contentType);

        Assert.Equal("{\"topic\":\"own\",\"accepted\":3,\"rejected\":0,\"errors\":[]}", answer.Text);
        var records = _cluster.Read("own", 3).ToLookup(record => Text(record.Message.Key), record => Text(record.Message.Value));
        Assert.Equal(["{\"k\":\"a\",\"n\":0}", "{\"k\":\"a\",\"n\":1}"], records["a"]);
        Assert.Equal(["{\"k\":\"b\", \"n\":2}"], records["b"]);
    }

    [Fact]
    public async Task Nothing_of_a_batch_is_sent_when_a_line_is_wrong_unless_asked_to_skip_it()
    {
        await using var server = await StartAsync();
        const string Body = "{\"k\":1}\n{oops\n{}\n\n{\"k\":2}\n";

        var refused = await server.PostAsync("/events/own/batch?key-field=k", Body, "application/x-ndjson");
        Assert.Equal(400, refused.Status);
        Assert.Equal((0, 2), (refused.Json.GetProperty("accepted").GetInt32(), refused.Json.GetProperty("rejected").GetInt32()));
        Assert.Equal([2, 3], refused.Json.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("item").GetInt32()));
        Assert.Empty(_cluster.Read("own", 3));

        var taken = await server.PostAsync("/events/own/batch?key-field=k&on-error=skip", Body, "application/x-ndjson");
        Assert.Equal((200, 2, 2), (taken.Status, taken.Json.GetProperty("accepted").GetInt32(), taken.Json.GetProperty("rejected").GetInt32()));
        Assert.Equal("the key field 'k' is missing", taken.Json.GetProperty("errors")[1].GetProperty("problem").GetString());
        Assert.Equal(2, _cluster.Read("own", 3).Count);
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused_before_and_while_it_is_read()
    {
        await using var server = await StartAsync(("LargestRecord", "1000"), ("LargestBatch", "2000"));

        Assert.Equal(413, (await server.PostAsync("/events/own?key=k", new string('x', 1001), "text/plain")).Status);
        Assert.Equal(413, (await server.PostAsync("/events/own/batch?key=k", new string(' ', 2001), "application/x-ndjson")).Status);
        Assert.Equal(200, (await server.PostAsync("/events/own?key=k", new string('x', 1000), "text/plain")).Status);
        Assert.Equal(413, await StatusOfChunkedAsync(server, new string('x', 100_000)));
    }

    [Fact]
    public async Task Without_room_the_answer_is_429_with_a_time_and_room_comes_back()
    {
        await using var server = await StartAsync(("RequestsInFlight", "1"));
        using var slow = new TcpClient();
        await slow.ConnectAsync(server.Address.Host, server.Address.Port);
        await slow.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /events/own?key=k HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: close\r\nExpect: 100-continue\r\n\r\n"));

        // The server asks for the body when it has room for it.
        using var answers = new StreamReader(slow.GetStream(), leaveOpen: true);
        Assert.Equal("HTTP/1.1 100 Continue", await answers.ReadLineAsync());
        var refused = await server.PostAsync("/events/own?key=k", "{}");
        Assert.Equal((429, TimeSpan.FromSeconds(1)), (refused.Status, refused.RetryAfter));

        await slow.GetStream().WriteAsync("xy"u8.ToArray());
        await True(() => server.PostAsync("/events/own?key=k", "{}").GetAwaiter().GetResult().Status == 200, "there is room again");
    }

    [Fact]
    public async Task While_kafka_is_away_the_answer_is_503_with_a_time_and_afterwards_200()
    {
        await using var server = await StartAsync(("AcknowledgedWithin", "00:00:01"));
        Assert.Equal(200, (await server.PostAsync("/events/own?key=k", "{\"n\":1}")).Status);

        await _cluster.StopAsync();
        var away = await server.PostAsync("/events/own?key=k", "{\"n\":2}");
        var batch = await server.PostAsync("/events/own/batch?key=k", "[1,2,3]");

        Assert.Equal((503, TimeSpan.FromSeconds(1)), (away.Status, away.RetryAfter));
        Assert.Equal((503, 0, 3, 1), (batch.Status, batch.Json.GetProperty("accepted").GetInt32(), batch.Json.GetProperty("failed").GetInt32(), batch.Json.GetProperty("first_failed").GetInt32()));
        await _cluster.ResumeAsync();
        await True(() => server.PostAsync("/events/own?key=k", "{\"n\":4}").GetAwaiter().GetResult().Status == 200, "events are taken again");
    }

    [Theory]
    [InlineData("127.0.0.1", null, null, null, 200)]
    [InlineData("localhost", null, null, null, 200)]
    [InlineData("attacker.example", null, null, null, 403)]
    [InlineData("127.0.0.1", "https://attacker.example", null, null, 403)]
    [InlineData("127.0.0.1", null, "a-key-of-24-characters-x", null, 401)]
    [InlineData("127.0.0.1", null, "a-key-of-24-characters-x", "Bearer a-key-of-24-characters-y", 401)]
    [InlineData("127.0.0.1", null, "a-key-of-24-characters-x", "Basic a-key-of-24-characters-x", 401)]
    [InlineData("127.0.0.1", "https://friend.example", "a-key-of-24-characters-x", "Bearer a-key-of-24-characters-x", 200)]
    public async Task Only_this_machine_s_programs_or_who_has_the_key_may_send(string host, string? origin, string? key, string? authorization, int status)
    {
        await using var server = await StartAsync(("Key", key ?? ""));

        var answer = await server.PostAsync("/events/own?key=k", "{}", "application/json", [("Host", host), .. Given("Origin", origin), .. Given("Authorization", authorization)]);

        Assert.Equal(status, answer.Status);

        static (string, string)[] Given(string name, string? value) => value is null ? [] : [(name, value)];
    }

    [Fact]
    public async Task A_broker_that_is_encrypted_and_asks_who_one_is_is_passed()
    {
        await using var broker = await SecureBroker.StartAsync();
        await using var server = await IntakeServer.StartAsync(broker.BootstrapServers, ("Topics", "own"), ("Kafka:Properties", broker.Properties));
        var config = new AdminClientConfig { BootstrapServers = broker.BootstrapServers };
        Streaming.Cluster.SharedSettings.AddTo(config, broker.Properties);
        using (var admin = new AdminClientBuilder(config).Build())
        {
            await admin.CreateTopicsAsync([new() { Name = "own", NumPartitions = 1 }]);
        }

        Assert.Equal(200, (await server.PostAsync("/events/own?key=k", "{}")).Status);
    }

    [Fact]
    public async Task No_topic_is_open_until_one_is_named()
    {
        await using var server = await IntakeServer.StartAsync(_cluster.BootstrapServers);

        Assert.Equal(404, (await server.PostAsync("/events/own?key=k", "{}")).Status);
    }

    [Theory]
    [InlineData("Key", "short", "Producer:Http:Key has 5 characters")]
    [InlineData("KeylessTopics", "own", "no name that is in Topics too")]
    [InlineData("LargestRecord", "0", "Producer:Http:LargestRecord is '0'")]
    [InlineData("BytesInFlight", "1", "at least LargestBatch")]
    [InlineData("AcknowledgedWithin", "0", "Producer:Http:AcknowledgedWithin is '00:00:00'")]
    public async Task Settings_without_meaning_stop_the_start(string key, string value, string message)
    {
        var failed = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync((key, value)));
        Assert.Contains(message, failed.Message, StringComparison.Ordinal);
    }

    private static async Task<int> StatusOfChunkedAsync(IntakeServer server, string body)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /events/own?key=k HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{body.Length:x}\r\n{body}\r\n0\r\n\r\n"));
        using var reader = new StreamReader(stream);
        var status = await reader.ReadLineAsync();
        return int.Parse(status!.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private Task<IntakeServer> StartAsync(params (string, string)[] settings) =>
        IntakeServer.StartAsync(_cluster.BootstrapServers, [("Topics", "own, gone"), ("KeylessTopics", "log"), .. settings]);
}
