using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Streaming.Embedded.SchemaRegistry.Tests;

/// <summary>Asks a registry as any HTTP client does.</summary>
internal sealed class RegistryApi(Uri address) : IDisposable
{
    public const string Type = "application/vnd.schemaregistry.v1+json";

    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    public Task<Answer> PutAsync(string path, string body) => SendAsync(HttpMethod.Put, path, body);

    public Task<Answer> PostAsync(string path, string body, string type = Type) => SendAsync(HttpMethod.Post, path, body, type);

    /// <summary>Registers a schema.</summary>
    public Task<Answer> RegisterAsync(string subject, string schema) => PostAsync($"subjects/{subject}/versions", Body(schema));

    /// <summary>Registers a schema that must be taken.</summary>
    public async Task<int> IdOfAsync(string subject, string schema)
    {
        var answer = await RegisterAsync(subject, schema);
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Json!["id"]!.GetValue<int>();
    }

    public static string Body(string schema) => JsonSerializer.Serialize(new { schema });

    public void Dispose() => _http.Dispose();

    private async Task<Answer> SendAsync(HttpMethod method, string path, string? body, string type = Type)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };
        }

        using var response = await _http.SendAsync(request);
        return new Answer((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync());
    }
}

/// <summary>What came back.</summary>
internal sealed record Answer(int Status, string? Type, string Text)
{
    public JsonNode? Json => JsonNode.Parse(Text);

    public void IsError(int status, int code)
    {
        Assert.True(status == Status && RegistryApi.Type == Type, $"{Status} {Type}: {Text}");
        Assert.Equal(code, Json!["error_code"]!.GetValue<int>());
        Assert.NotEmpty(Json!["message"]!.GetValue<string>());
    }

    public void Is(string json)
    {
        Assert.True(Status == 200 && RegistryApi.Type == Type, $"{Status} {Type}: {Text}");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), Json), Text);
    }
}
