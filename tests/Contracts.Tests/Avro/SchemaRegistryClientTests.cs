using System.Net;
using System.Text;
using Streaming.Contracts.Avro;
using Streaming.Contracts.SchemaRegistry;

namespace Streaming.Contracts.Tests.Avro;

public class SchemaRegistryClientTests
{
    private static readonly AvroSchema Text = AvroSchema.Parse("\"string\"");
    private static readonly SchemaRegistrySettings Here = new(new Uri("http://registry/"));

    [Fact]
    public async Task A_schema_is_registered_under_its_subject()
    {
        using var server = new Script((HttpStatusCode.OK, """{"id":7,"version":1}"""));
        using var client = new SchemaRegistryClient(Here, server);
        Assert.Equal(7, await client.RegisterAsync("a/b value", Text, CancellationToken.None));
        Assert.Equal(["POST /subjects/a%2Fb%20value/versions {\"schema\":\"\\u0022string\\u0022\"}"], server.Requests);
    }

    [Theory]
    [InlineData(HttpStatusCode.Conflict, """{"error_code":409,"message":"READER_FIELD_MISSING"}""")]
    [InlineData(HttpStatusCode.UnprocessableEntity, """{"error_code":42201,"message":"READER_FIELD_MISSING"}""")]
    public async Task A_refusal_names_the_subject_and_the_reason_and_is_not_tried_again(HttpStatusCode status, string body)
    {
        using var server = new Script((status, body));
        using var client = new SchemaRegistryClient(Here, server);
        var refused = await Assert.ThrowsAsync<SchemaRefusedException>(() => client.RegisterAsync("sales-value", Text, CancellationToken.None));
        Assert.Contains("'sales-value'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("READER_FIELD_MISSING", refused.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_schema_is_asked_for_once()
    {
        using var server = new Script((HttpStatusCode.OK, """{"schema":"\"string\""}"""));
        using var client = new SchemaRegistryClient(Here, server);
        Assert.Equal(AvroType.String, (await client.FindAsync(7, CancellationToken.None))!.Avro!.Type);
        Assert.NotNull(await client.FindAsync(7, CancellationToken.None));
        Assert.Equal(["GET /schemas/ids/7 "], server.Requests);
    }

    [Fact]
    public async Task Only_a_registry_s_own_word_makes_an_id_unknown()
    {
        using var registry = new Script((HttpStatusCode.NotFound, """{"error_code":40403,"message":"Schema 7 not found"}"""));
        using var client = new SchemaRegistryClient(Here, registry);
        Assert.Null(await client.FindAsync(7, CancellationToken.None));

        using var another = new Script((HttpStatusCode.NotFound, "<html>"));
        using var lost = new SchemaRegistryClient(Here, another);
        await Assert.ThrowsAsync<SchemaRegistryException>(() => lost.FindAsync(7, CancellationToken.None).AsTask());
    }

    [Theory]
    [InlineData("""{"schema":"message M {}","schemaType":"PROTOBUF"}""", "PROTOBUF")]
    [InlineData("""{"schema":"\"string\"","references":[{"name":"a","subject":"b","version":1}]}""", "refers to other")]
    [InlineData("""{"schema":"\"nothing\""}""", "no type")]
    public async Task A_schema_that_cannot_be_read_here_says_why(string body, string reason)
    {
        using var server = new Script((HttpStatusCode.OK, body));
        using var client = new SchemaRegistryClient(Here, server);
        var schema = await client.FindAsync(7, CancellationToken.None);
        Assert.Null(schema!.Avro);
        Assert.Contains(reason, schema.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_that_stumbles_is_asked_again()
    {
        using var server = new Script((HttpStatusCode.InternalServerError, """{"error_code":50001,"message":"store"}"""), (null, ""), (HttpStatusCode.OK, """{"schema":"\"string\""}"""));
        using var client = new SchemaRegistryClient(Here, server);
        Assert.NotNull(await client.FindAsync(7, CancellationToken.None));
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task A_registry_that_is_away_is_said_to_be()
    {
        using var server = new Script((null, ""), (null, ""), (null, ""), (null, ""));
        using var client = new SchemaRegistryClient(Here, server);
        var error = await Assert.ThrowsAsync<SchemaRegistryException>(() => client.FindAsync(7, CancellationToken.None).AsTask());
        Assert.Contains("http://registry/", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task Credentials_go_into_the_header_and_nowhere_else()
    {
        var settings = SchemaRegistrySettings.From(key => key switch
        {
            "ConnectionStrings:schema-registry" => "https://registry.example/base",
            "SchemaRegistry:UserName" => "me",
            "SchemaRegistry:Password" => "secret",
            _ => null,
        })!;
        Assert.DoesNotContain("secret", settings.ToString(), StringComparison.Ordinal);
        using var server = new Script((HttpStatusCode.Unauthorized, """{"error_code":401,"message":"no"}"""));
        using var client = new SchemaRegistryClient(settings, server);
        var error = await Assert.ThrowsAsync<SchemaRegistryException>(() => client.FindAsync(7, CancellationToken.None).AsTask());
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(["GET /base/schemas/ids/7 "], server.Requests);
        Assert.Equal($"Basic {Convert.ToBase64String("me:secret"u8)}", server.Authorization);
    }

    [Theory]
    [InlineData("registry:8081", null, "ConnectionStrings:schema-registry")]
    [InlineData("ftp://registry", null, "ConnectionStrings:schema-registry")]
    [InlineData("http://me:secret@registry", null, "credentials")]
    [InlineData("http://registry", "me", "SchemaRegistry:Password")]
    public void Settings_that_make_no_sense_name_their_key_and_no_secret(string address, string? user, string word)
    {
        var error = Assert.Throws<ArgumentException>(() => SchemaRegistrySettings.From(key => key switch
        {
            "ConnectionStrings:schema-registry" => address,
            "SchemaRegistry:UserName" => user,
            _ => null,
        }));
        Assert.Contains(word, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_address_may_be_the_one_that_Aspire_passes_on()
    {
        Assert.Equal(new Uri("http://localhost:8081/"), SchemaRegistrySettings.From(key => key == "services:schema-registry:http:0" ? "http://localhost:8081" : null)!.Address);
        Assert.Null(SchemaRegistrySettings.From(_ => null));
    }

    /// <summary>A registry that gives its answers in their order; one without a status breaks the connection.</summary>
    private sealed class Script(params (HttpStatusCode? Status, string Body)[] answers) : HttpMessageHandler
    {
        private readonly Queue<(HttpStatusCode? Status, string Body)> _answers = new(answers);

        public List<string> Requests { get; } = [];

        public string? Authorization { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Authorization = request.Headers.Authorization?.ToString();
            Requests.Add($"{request.Method} {request.RequestUri!.AbsolutePath} {(request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken))}");
            var (status, body) = _answers.Dequeue();
            return status is { } code
                ? new HttpResponseMessage(code) { Content = new StringContent(body, Encoding.UTF8, SchemaRegistryClient.ContentType) }
                : throw new HttpRequestException("connection refused");
        }
    }
}
