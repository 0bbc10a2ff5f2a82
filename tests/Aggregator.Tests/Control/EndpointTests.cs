using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Streaming.Aggregator.Control;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Startup;
using Xunit;

namespace Streaming.Aggregator.Tests.Control;

/// <summary>Who may ask, and what a wrong question is answered: without a broker or a database behind it.</summary>
public sealed class EndpointTests
{
    private const string Key = "a-key-of-24-characters-x";

    [Theory]
    [InlineData("localhost", HttpStatusCode.ServiceUnavailable)]
    [InlineData("127.0.0.1", HttpStatusCode.ServiceUnavailable)]
    [InlineData("attacker.example", HttpStatusCode.Forbidden)]
    public async Task Host_header_has_to_be_a_loopback_name(string host, HttpStatusCode expected)
    {
        await using var server = await Server.StartAsync();

        Assert.Equal(expected, (await server.SendAsync(HttpMethod.Get, "", host: host)).StatusCode);
    }

    [Fact]
    public async Task Any_host_may_be_allowed()
    {
        await using var server = await Server.StartAsync(("Hosts", "*"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.SendAsync(HttpMethod.Get, "", host: "a.example")).StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Post_that_a_web_page_could_send_is_refused(string? contentType)
    {
        await using var server = await Server.StartAsync();

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await server.SendAsync(HttpMethod.Post, "/sales-by-store/pause", "{}", contentType)).StatusCode);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("Bearer wrong", HttpStatusCode.Unauthorized)]
    [InlineData("Basic " + Key, HttpStatusCode.Unauthorized)]
    [InlineData("Bearer " + Key, HttpStatusCode.ServiceUnavailable)]
    public async Task Configured_key_is_asked_for(string? authorization, HttpStatusCode expected)
    {
        await using var server = await Server.StartAsync(("Key", Key));

        Assert.Equal(expected, (await server.SendAsync(HttpMethod.Get, "", authorization: authorization)).StatusCode);
    }

    [Theory]
    [InlineData("/none/pause", "{}", HttpStatusCode.NotFound)]
    [InlineData("/sales-by-store/replay", "{", HttpStatusCode.BadRequest)]
    [InlineData("/sales-by-store/replay", "{\"from\":\"yesterday\"}", HttpStatusCode.BadRequest)]
    [InlineData("/sales-by-store/replay", "{\"form\":\"2026-01-01T00:00:00Z\"}", HttpStatusCode.BadRequest)]
    [InlineData("/sales-by-store/replay", "[]", HttpStatusCode.BadRequest)]
    [InlineData("/sales-by-store/partitions/x/accept-gap", "{}", HttpStatusCode.NotFound)]
    [InlineData("/sales-by-store/pause", "", HttpStatusCode.ServiceUnavailable)]
    [InlineData("/sales-by-store/pause", "{}", HttpStatusCode.ServiceUnavailable)]
    public async Task Wrong_question_is_answered_by_its_kind(string path, string body, HttpStatusCode expected)
    {
        await using var server = await Server.StartAsync();

        var answer = await server.SendAsync(HttpMethod.Post, path, body);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task Errors_are_problem_details()
    {
        await using var server = await Server.StartAsync();

        var answer = await server.SendAsync(HttpMethod.Post, "/none/pause", "{}");

        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal("There is no pipeline 'none'.", json.RootElement.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Long_body_is_refused()
    {
        await using var server = await Server.StartAsync();

        Assert.Equal(HttpStatusCode.BadRequest, (await server.SendAsync(HttpMethod.Post, "/sales-by-store/replay", new string(' ', 100_000) + "{}")).StatusCode);
    }

    [Fact]
    public async Task Endpoint_that_is_switched_off_is_not_there()
    {
        await using var server = await Server.StartAsync(("Enabled", "false"));

        Assert.Equal(HttpStatusCode.NotFound, (await server.SendAsync(HttpMethod.Get, "")).StatusCode);
    }

    [Fact]
    public void Short_key_is_refused_without_saying_it()
    {
        var result = new ControlOptions.Validator().Validate(null, new ControlOptions { Key = "secret" });

        Assert.True(result.Failed);
        Assert.DoesNotContain("secret", result.FailureMessage);
    }

    /// <summary>The endpoint on a port of loopback, with a database that is not there.</summary>
    private sealed class Server(WebApplication app) : IAsyncDisposable
    {
        private readonly HttpClient _client = new();

        public static async Task<Server> StartAsync(params (string Key, string Value)[] settings)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"{ControlOptions.Section}:{s.Key}", (string?)s.Value)));
            builder.Configuration["ConnectionStrings:kafka"] = "127.0.0.1:1";
            builder.Services.AddOptions<ControlOptions>().BindConfiguration(ControlOptions.Section);
            builder.Services.AddSingleton<IReadOnlyList<PipelineDefinition>>([SalesByStore.Define()]);
            builder.Services.AddSingleton(NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody;Timeout=2"));
            builder.Services.AddSingleton(TimeProvider.System);
            builder.Services.AddSingleton(_ => AggregatorConnections.CreateAdmin(builder.Configuration));
            builder.Services.AddSingleton<SourceLog>();
            builder.Services.AddSingleton<PipelineControl>();
            var app = builder.Build();
            app.MapControl();
            await app.StartAsync();
            return new Server(app);
        }

        public async Task<HttpResponseMessage> SendAsync(
            HttpMethod method, string path, string? body = null, string? contentType = "application/json", string? host = null, string? authorization = null)
        {
            using var request = new HttpRequestMessage(method, app.Urls.Single() + "/control/pipelines" + path);
            if (body is not null)
            {
                request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
                request.Content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
            }

            request.Headers.Host = host ?? "localhost";
            if (authorization is not null)
            {
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
            }

            return await _client.SendAsync(request);
        }

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            await app.DisposeAsync();
        }
    }
}
