using System.Net;
using System.Text;
using System.Text.Json;
using Streaming.Cluster.Payloads;
using Streaming.Contracts.Avro;
using Streaming.Contracts.SchemaRegistry;
using Streaming.Topics.Producing;

namespace Streaming.Topics.Tests.Payloads;

public sealed class AvroTests
{
    private const string Sale = """
        {"type":"record","name":"Sale","namespace":"shop","fields":[
          {"name":"id","type":"string"},{"name":"amount","type":["null","int"],"default":null},{"name":"tags","type":{"type":"array","items":"string"},"default":[]},
          {"name":"kind","type":{"type":"enum","name":"Kind","symbols":["CASH","CARD"]}},{"name":"raw","type":"bytes","default":""},
          {"name":"more","type":{"type":"map","values":"double"},"default":{}},{"name":"who","type":["string","long"],"default":""}]}
        """;

    [Theory]
    [InlineData("""{"id":"z","amount":{"int":7},"tags":["a"],"kind":"CARD","raw":"\u00ff","more":{"x":1.5},"who":{"long":3}}""", """{"id":"z","amount":{"int":7},"tags":["a"],"kind":"CARD","raw":"ÿ","more":{"x":1.5},"who":{"long":3}}""")]
    [InlineData("""{"id":"z","amount":7,"kind":"CASH"}""", """{"id":"z","amount":{"int":7},"tags":[],"kind":"CASH","raw":"","more":{},"who":{"string":""}}""")]
    public async Task What_is_written_by_a_schema_is_read_by_it(string written, string read)
    {
        var schema = AvroSchema.Parse(Sale);
        Assert.True(new AvroJsonWriter(7, schema).TryWrite(written, out var bytes, out _));

        var text = await Reader(Found).ReadAsync(bytes, PayloadFormat.Auto, CancellationToken.None);

        Assert.Equal((PayloadKind.Avro, read, "schema 7, shop.Sale"), (text.Kind, text.Text, text.Note));
    }

    [Theory]
    [InlineData("""{"id":"z"}""", "has no 'kind'")]
    [InlineData("""{"id":1,"kind":"CASH"}""", "value.id is no string")]
    [InlineData("""{"id":"z","kind":"GOLD"}""", "value.kind is none of CASH, CARD")]
    [InlineData("""{"id":"z","kind":"CASH","colour":1}""", "has a field 'colour'")]
    [InlineData("""{"id":"z","kind":"CASH","who":3}""", "has to say which it is")]
    [InlineData("""{"id":"z","kind":"CASH","amount":3000000000}""", "value.amount is no int")]
    [InlineData("nonsense", "no JSON")]
    [InlineData("3", "is no object")]
    public void What_does_not_fit_the_schema_is_told_with_its_place(string written, string problem)
    {
        Assert.False(new AvroJsonWriter(7, AvroSchema.Parse(Sale)).TryWrite(written, out _, out var told));
        Assert.Contains(problem, told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_schema_and_a_value_that_is_none_are_hex_with_a_note()
    {
        var unknown = await Reader(_ => (HttpStatusCode.NotFound, """{"error_code":40403,"message":"Schema not found"}""")).ReadAsync(new byte[] { 0, 0, 0, 0, 9, 1 }, PayloadFormat.Auto, CancellationToken.None);
        var broken = await Reader(Found).ReadAsync(new byte[] { 0, 0, 0, 0, 7, 0xff }, PayloadFormat.Avro, CancellationToken.None);

        Assert.Equal((PayloadKind.Hex, "Perhaps Avro: the registry knows no schema 9"), (unknown.Kind, unknown.Note));
        Assert.Equal(PayloadKind.Hex, broken.Kind);
        Assert.StartsWith("Not read as Avro: schema 7: ", broken.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_that_does_not_answer_is_asked_once_for_a_page_of_messages()
    {
        var asked = 0;
        var reader = Reader(_ =>
        {
            asked++;
            return (HttpStatusCode.Unauthorized, """{"error_code":401,"message":"who are you"}""");
        });

        for (var i = 0; i < 50; i++)
        {
            var read = await reader.ReadAsync(new byte[] { 0, 0, 0, 0, 9, (byte)i }, PayloadFormat.Auto, CancellationToken.None);
            Assert.Contains("who are you", read.Note, StringComparison.Ordinal);
        }

        Assert.Equal(1, asked);
    }

    private static (HttpStatusCode Status, string Answer) Found(string path) => (HttpStatusCode.OK, JsonSerializer.Serialize(new { schema = Sale }));

    private static PayloadReader Reader(Func<string, (HttpStatusCode Status, string Answer)> answer) =>
        new(new RegistryAvroReader(new SchemaRegistryClient(new SchemaRegistrySettings(new Uri("http://registry/")), new Registry(answer)), TimeProvider.System));

    private sealed class Registry(Func<string, (HttpStatusCode Status, string Answer)> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var (status, text) = answer(request.RequestUri!.AbsolutePath);
            return Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(text, Encoding.UTF8, SchemaRegistryClient.ContentType) });
        }
    }
}
