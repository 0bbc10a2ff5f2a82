using System.Text;
using Confluent.Kafka;

namespace Streaming.Embedded.SchemaRegistry.Tests;

/// <summary>What is kept in Kafka outlives the registry.</summary>
public class KeepingTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    [Fact]
    public async Task Everything_is_there_again_after_a_restart_and_ids_go_on()
    {
        var subject = registry.NewSubject();
        var first = await registry.Api.IdOfAsync(subject, Record("A", ""));
        await registry.Api.IdOfAsync(subject, Record("A", """{"name":"x","type":"int","default":1}"""));
        await registry.Api.PutAsync($"config/{subject}", """{"compatibility":"FULL"}""");
        await registry.RestartRegistryAsync();
        (await registry.Api.GetAsync($"subjects/{subject}/versions")).Is("[1,2]");
        (await registry.Api.GetAsync($"config/{subject}")).Is("""{"compatibilityLevel":"FULL"}""");
        Assert.Equal(200, (await registry.Api.GetAsync($"schemas/ids/{first}")).Status);
        Assert.True(await registry.Api.IdOfAsync(registry.NewSubject(), Record("B", "")) > first + 1);
    }

    [Fact]
    public async Task An_id_is_not_given_out_again_after_its_schema_is_deleted_for_good()
    {
        var subject = registry.NewSubject();
        var id = await registry.Api.IdOfAsync(subject, Record("Gone", ""));
        await registry.Api.DeleteAsync($"subjects/{subject}");
        await registry.Api.DeleteAsync($"subjects/{subject}?permanent=true");
        await registry.RestartRegistryAsync();
        Assert.True(await registry.Api.IdOfAsync(registry.NewSubject(), Record("Next", "")) > id);
    }

    [Fact]
    public async Task Records_have_the_form_of_Confluents_registry()
    {
        await using var server = await registry.NewRegistryAsync("form");
        using var api = new RegistryApi(server.Address);
        await api.IdOfAsync("sales-value", "\"string\"");
        await api.PutAsync("config/sales-value", """{"compatibility":"NONE"}""");
        await api.DeleteAsync("subjects/sales-value");
        var records = ReadAll("form");
        Assert.Equal(
            [
                ("""{"keytype":"SCHEMA","subject":"sales-value","version":1,"magic":1}""", """{"subject":"sales-value","version":1,"id":1,"schema":"\"string\"","deleted":false}"""),
                ("""{"keytype":"CONFIG","subject":"sales-value","magic":0}""", """{"compatibilityLevel":"NONE"}"""),
                ("""{"keytype":"DELETE_SUBJECT","subject":"sales-value","magic":0}""", """{"subject":"sales-value","version":1}"""),
                ("""{"keytype":"CONFIG","subject":"sales-value","magic":0}""", null),
            ], records);
    }

    [Fact]
    public async Task What_another_registry_wrote_is_read_and_what_is_strange_is_passed_over()
    {
        using (var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = registry.Broker.BootstrapServers }).Build())
        {
            (string, string?)[] records =
            [
                ("""{"keytype":"NOOP","magic":0}""", null),
                ("""{"magic":0,"keytype":"CONFIG"}""", """{"compatibilityLevel":"FORWARD","normalize":false}"""),
                ("""{"keytype":"MODE","subject":null,"magic":0}""", """{"mode":"READWRITE"}"""),
                ("""{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}""", """{"subject":"s","version":1,"id":41,"md5":"x","schema":"{\"type\":\"int\"}","deleted":false}"""),
                ("""{"keytype":"SCHEMA","subject":"p","version":1,"magic":1}""", """{"subject":"p","version":1,"id":42,"schemaType":"PROTOBUF","schema":"message M {}","deleted":false}"""),
                ("""{"keytype":"SCHEMA","subject":"s"}""", """{"id":"x"}"""),
                ("""no JSON""", """{"""),
                ("[]", "7"),
            ];
            foreach (var (key, value) in records)
            {
                await producer.ProduceAsync("foreign", new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(key), Value = value is null ? null! : Encoding.UTF8.GetBytes(value) });
            }
        }

        await using var server = await registry.NewRegistryAsync("foreign");
        using var api = new RegistryApi(server.Address);
        (await api.GetAsync("config")).Is("""{"compatibilityLevel":"FORWARD"}""");
        (await api.GetAsync("subjects")).Is("""["p","s"]""");
        (await api.GetAsync("schemas/ids/42")).Is("""{"schema":"message M {}","schemaType":"PROTOBUF"}""");
        (await api.RegisterAsync("p", "\"int\"")).IsError(409, 409);
        Assert.Equal(43, await api.IdOfAsync("new", "\"long\""));
    }

    [Fact]
    public async Task A_registry_that_is_taken_over_writes_no_more_and_says_so()
    {
        await using var old = await registry.NewRegistryAsync("taken");
        using var oldApi = new RegistryApi(old.Address);
        Assert.Equal(1, await oldApi.IdOfAsync("a", "\"int\""));
        await using var young = await registry.NewRegistryAsync("taken");
        using var youngApi = new RegistryApi(young.Address);
        Assert.Equal(2, await youngApi.IdOfAsync("b", "\"long\""));
        (await oldApi.RegisterAsync("c", "\"string\"")).IsError(500, 50001);
        await old.TakenOver.WaitAsync(TimeSpan.FromSeconds(20));
        (await oldApi.GetAsync("schemas/ids/1")).IsError(500, 50001);
        Assert.Equal(3, await youngApi.IdOfAsync("c", "\"string\""));
    }

    [Fact]
    public async Task Many_clients_at_once_get_one_id_for_each_schema()
    {
        var subject = registry.NewSubject();
        var ids = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => registry.Api.IdOfAsync($"{subject}-{i}", Record($"Many{i % 10}", ""))));
        Assert.Equal(10, ids.Distinct().Count());
        Assert.All(Enumerable.Range(0, 40), i => Assert.Equal(ids[i % 10], ids[i]));
    }

    private List<(string Key, string? Value)> ReadAll(string topic)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = registry.Broker.BootstrapServers,
            GroupId = "reader",
            EnablePartitionEof = true,
            IsolationLevel = IsolationLevel.ReadCommitted,
        }).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        List<(string, string?)> records = [];
        while (consumer.Consume(TimeSpan.FromSeconds(20)) is { IsPartitionEOF: false } record)
        {
            records.Add((Encoding.UTF8.GetString(record.Message.Key), record.Message.Value is { } value ? Encoding.UTF8.GetString(value) : null));
        }

        return records;
    }

    private static string Record(string name, string fields) => $$"""{"type":"record","name":"{{name}}","fields":[{{fields}}]}""";
}
