using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Streaming.Producer.Http;
using Streaming.Producer.Publishing;

namespace Streaming.Producer.Tests.Http;

/// <summary>The intake on a port of its own, in front of a broker.</summary>
internal sealed class IntakeServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client;

    private IntakeServer(WebApplication app) => (_app, _client) = (app, new HttpClient { BaseAddress = new Uri(app.Urls.Single()) });

    public Uri Address => _client.BaseAddress!;

    public static async Task<IntakeServer> StartAsync(string bootstrapServers, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["ConnectionStrings:kafka"] = bootstrapServers;
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key.Contains(':', StringComparison.Ordinal) ? key : $"Producer:Http:{key}"] = value;
        }

        builder.AddPublishing("kafka");
        builder.AddEventIntake();
        var app = builder.Build();
        app.MapEventIntake();
        await app.StartAsync();
        return new IntakeServer(app);
    }

    public Task<Answer> PostAsync(string path, string body, string? contentType = "application/json", params (string Name, string Value)[] headers) =>
        PostAsync(path, new ByteArrayContent(Encoding.UTF8.GetBytes(body)), contentType, headers);

    public async Task<Answer> PostAsync(string path, HttpContent content, string? contentType, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer((int)response.StatusCode, response.Headers.RetryAfter?.Delta, response.Content.Headers.ContentType?.MediaType, text);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    public sealed record Answer(int Status, TimeSpan? RetryAfter, string? MediaType, string Text)
    {
        public JsonElement Json => JsonDocument.Parse(Text).RootElement;

        public string Detail => Json.GetProperty("detail").GetString()!;
    }
}
