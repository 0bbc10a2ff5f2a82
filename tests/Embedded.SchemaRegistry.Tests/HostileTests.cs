using System.Net.Sockets;
using System.Text;

namespace Streaming.Embedded.SchemaRegistry.Tests;

/// <summary>Bodies and requests that nobody means well with.</summary>
public class HostileTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    private readonly RegistryApi _api = registry.Api;

    [Theory]
    [InlineData("", 400, 400)]
    [InlineData("{", 400, 400)]
    [InlineData("null", 422, 422)]
    [InlineData("[]", 400, 400)]
    [InlineData("{}", 422, 42201)]
    [InlineData("""{"schema":7}""", 400, 400)]
    [InlineData("""{"schema":""}""", 422, 42201)]
    [InlineData("""{"schema":"\"nothing\""}""", 422, 42201)]
    [InlineData("""{"schema":"\ud800"}""", 400, 400)]
    [InlineData("""{"schema":"\"string\"","schemaType":"PROTOBUF"}""", 422, 42201)]
    [InlineData("""{"schema":"\"string\"","references":[{"name":"a","subject":"b","version":1}]}""", 422, 42201)]
    [InlineData("""{"schema":"\"string\"","id":7}""", 422, 42205)]
    public async Task A_body_that_is_no_schema_is_an_error(string body, int status, int code) =>
        (await _api.PostAsync("subjects/hostile/versions", body)).IsError(status, code);

    [Fact]
    public async Task A_body_that_is_too_long_is_refused() =>
        (await _api.PostAsync("subjects/hostile/versions", RegistryApi.Body(new string('a', 100_000)))).IsError(413, 413);

    [Fact]
    public async Task A_schema_nested_too_deep_is_refused()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"type\":\"array\",\"items\":", 400)) + "\"int\"" + new string('}', 400);
        (await _api.RegisterAsync("hostile", deep)).IsError(422, 42201);
        (await _api.RegisterAsync("hostile", new string('[', 30_000))).IsError(422, 42201);
    }

    /// <summary>A page of somebody else's may send forms and plain text to this address, but not JSON.</summary>
    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task A_body_that_any_web_page_could_send_is_refused(string type) =>
        (await _api.PostAsync("subjects/hostile/versions", RegistryApi.Body("\"string\""), type)).IsError(415, 415);

    [Fact]
    public async Task A_host_name_from_outside_is_not_answered()
    {
        var answer = await RawAsync("GET /subjects HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Garbage_ends_its_own_connection_only()
    {
        Assert.StartsWith("HTTP/1.1 400", await RawAsync("\0\u0001garbage\r\n\r\n"), StringComparison.Ordinal);
        Assert.Equal(200, (await _api.GetAsync("subjects")).Status);
    }

    private async Task<string> RawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(registry.Server.Address.Host, registry.Server.Address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20));
    }
}
