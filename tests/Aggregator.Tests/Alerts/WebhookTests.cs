using System.Globalization;
using System.Text;
using Streaming.Aggregator.Alerts.Webhook;
using Streaming.Aggregator.Telemetry;
using Streaming.Aggregator.Tests.Checkpoints;
using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts.Alerts;

namespace Streaming.Aggregator.Tests.Alerts;

/// <summary>The webhook's sender against a receiver that is slow, broken, or elsewhere, and against its own death.</summary>
[Collection(PostgresTests.Name)]
public sealed class WebhookTests(PostgresFixture postgres)
{
    private const string Secret = "0123456789abcdef";
    private const string FirstOfA = "aaaa-000000000000001-firing";
    private const string SecondOfA = "aaaa-000000000000002-resolved";
    private const string FirstOfB = "bbbb-000000000000001-firing";

    [Fact]
    public async Task Delivery_that_is_taken_is_signed_and_gone()
    {
        await using var stage = await StageAsync();
        await stage.AddAsync(FirstOfA, """{"id":"ü"}""");

        Assert.Equal(1, await stage.Sender().SendDueAsync(default));

        var request = Assert.Single(stage.Server.Requests);
        Assert.Equal(("POST", "/hook?token=hidden", FirstOfA, "application/json"), (request.Method, request.Target, request.Key, request.Headers["Content-Type"]));
        Assert.Equal("""{"id":"ü"}""", Encoding.UTF8.GetString(request.Body));
        Assert.True(WebhookSignature.Verify(
            Secret, request.Headers[WebhookSignature.TimestampHeader], request.Body, request.Headers[WebhookSignature.SignatureHeader], DateTimeOffset.UtcNow, TimeSpan.FromMinutes(5)));
        Assert.Empty(await stage.LeftAsync());
    }

    [Fact]
    public async Task Without_a_secret_nothing_is_signed()
    {
        await using var stage = await StageAsync();
        stage.Options.Secret = "";
        await stage.AddAsync(FirstOfA);

        await stage.Sender().SendDueAsync(default);

        Assert.False(Assert.Single(stage.Server.Requests).Headers.ContainsKey(WebhookSignature.SignatureHeader));
    }

    [Fact]
    public async Task Delivery_that_is_refused_waits_and_comes_again_with_the_same_key()
    {
        await using var stage = await StageAsync();
        await stage.AddAsync(FirstOfA);
        stage.Server.Then(500);
        stage.Server.Then(500);

        await stage.Sender().SendDueAsync(default);
        Assert.Equal([$"({FirstOfA},1,answered 500)"], await stage.LeftAsync());
        Assert.Equal(0, await stage.Sender().SendDueAsync(default));
        await stage.PassTimeAsync(TimeSpan.FromSeconds(2));
        await stage.Sender().SendDueAsync(default);
        Assert.Equal([$"({FirstOfA},2,answered 500)"], await stage.LeftAsync());
        await stage.PassTimeAsync(TimeSpan.FromSeconds(3));
        await stage.Sender().SendDueAsync(default);

        Assert.Empty(await stage.LeftAsync());
        Assert.Equal([FirstOfA, FirstOfA, FirstOfA], stage.Server.Requests.Select(request => request.Key));
    }

    [Fact]
    public async Task Receiver_that_asks_to_be_left_alone_is()
    {
        await using var stage = await StageAsync();
        await stage.AddAsync(FirstOfA);
        stage.Server.Then(context =>
        {
            (context.Response.StatusCode, context.Response.Headers.RetryAfter) = (429, "120");
            return Task.CompletedTask;
        });

        await stage.Sender().SendDueAsync(default);
        await stage.PassTimeAsync(TimeSpan.FromSeconds(110));
        Assert.Equal(0, await stage.Sender().SendDueAsync(default));
        await stage.PassTimeAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(1, await stage.Sender().SendDueAsync(default));
    }

    [Fact]
    public async Task Slow_receiver_is_given_its_time_and_no_more()
    {
        await using var stage = await StageAsync();
        stage.Options.Timeout = TimeSpan.FromMilliseconds(300);
        await stage.AddAsync(FirstOfA);
        stage.Server.Then(context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));

        await stage.Sender().SendDueAsync(default);

        Assert.Equal([$"({FirstOfA},1,no answer within 0.3 s)"], await stage.LeftAsync());
    }

    [Fact]
    public async Task Receiver_that_is_not_there_is_tried_again()
    {
        await using var stage = await StageAsync();
        stage.Options.Url = "http://127.0.0.1:1/hook";
        await stage.AddAsync(FirstOfA);

        await stage.Sender().SendDueAsync(default);

        Assert.Equal([$"({FirstOfA},1,no answer: ConnectionError)"], await stage.LeftAsync());
    }

    [Fact]
    public async Task Redirect_is_not_followed()
    {
        await using var stage = await StageAsync();
        await stage.AddAsync(FirstOfA);
        stage.Server.Then(context =>
        {
            (context.Response.StatusCode, context.Response.Headers.Location) = (307, "/elsewhere");
            return Task.CompletedTask;
        });

        await stage.Sender().SendDueAsync(default);

        Assert.Single(stage.Server.Requests);
        Assert.Equal([$"({FirstOfA},1,answered 307)"], await stage.LeftAsync());
    }

    [Fact]
    public async Task Death_between_a_post_and_its_delete_posts_it_again_with_the_same_key_when_the_hold_ends()
    {
        await using var stage = await StageAsync();
        await stage.AddAsync(FirstOfA);

        await Assert.ThrowsAsync<AlertBench.DiedException>(() => stage.Sender(dies: true).SendDueAsync(default));
        Assert.Equal(0, await stage.Sender().SendDueAsync(default));
        await stage.PassTimeAsync(stage.Options.Timeout + TimeSpan.FromSeconds(21));
        Assert.Equal(1, await stage.Sender().SendDueAsync(default));

        Assert.Equal([FirstOfA, FirstOfA], stage.Server.Requests.Select(request => request.Key));
        Assert.Empty(await stage.LeftAsync());
    }

    [Fact]
    public async Task Transitions_of_one_alert_arrive_in_order_and_do_not_hold_up_others()
    {
        await using var stage = await StageAsync();
        await stage.AddAsync(SecondOfA);
        await stage.AddAsync(FirstOfA);
        stage.Server.Then(503);
        await stage.Sender().SendDueAsync(default);
        await stage.AddAsync(FirstOfB);

        await stage.Sender().SendDueAsync(default);
        await stage.PassTimeAsync(TimeSpan.FromSeconds(2));
        await stage.Sender().SendDueAsync(default);
        await stage.Sender().SendDueAsync(default);

        Assert.Equal([FirstOfA, FirstOfB, FirstOfA, SecondOfA], stage.Server.Requests.Select(request => request.Key));
    }

    [Fact]
    public async Task Several_instances_post_each_delivery_once()
    {
        await using var stage = await StageAsync();
        for (var i = 0; i < 60; i++)
        {
            await stage.AddAsync($"{i:x4}-000000000000001-firing");
        }

        var senders = Enumerable.Range(0, 4).Select(_ => stage.Sender()).ToList();
        while ((await stage.LeftAsync()).Count > 0)
        {
            await Task.WhenAll(senders.Select(sender => sender.SendDueAsync(default)));
        }

        Assert.Equal(60, stage.Server.Requests.Select(request => request.Key).Distinct().Count());
        Assert.Equal(60, stage.Server.Requests.Count);
    }

    [Fact]
    public async Task Delivery_that_nobody_took_for_too_long_is_given_up_loudly()
    {
        await using var stage = await StageAsync();
        await stage.AddAsync(FirstOfA);
        await stage.ExecuteAsync("UPDATE webhook_deliveries SET created_at = now() - interval '4 days'");
        stage.Server.Then(500);

        await stage.Sender().SendDueAsync(default);

        Assert.Empty(await stage.LeftAsync());
        Assert.True(stage.Lines.Has(2603), stage.Lines.ToString());
    }

    [Fact]
    public async Task Neither_secret_nor_path_nor_query_is_logged()
    {
        await using var stage = await StageAsync();
        await stage.AddAsync(FirstOfA);
        stage.Server.Then(500);
        using var stopping = new CancellationTokenSource();

        var running = stage.Sender().RunAsync(stopping.Token);
        await Until.TrueAsync(() => stage.Lines.Has(2602), "the failure is logged");
        await stopping.CancelAsync();
        await running;

        Assert.Contains(stage.Server.Url, stage.Lines.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hook?", stage.Lines.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", stage.Lines.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, stage.Lines.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Pauses_double_up_to_a_bound_and_never_shrink_below_what_the_receiver_asks()
    {
        Assert.Equal([1, 2, 4, 8, 512, 600, 600], new[] { 1, 2, 3, 4, 10, 11, int.MaxValue }.Select(n => WebhookPause.After(n, 0, null).TotalSeconds));
        Assert.Equal(0.75, WebhookPause.After(1, 1, null).TotalSeconds);
        Assert.Equal(30, WebhookPause.After(1, 0, TimeSpan.FromSeconds(30)).TotalSeconds);
    }

    [Theory]
    [InlineData("ftp://host/", "", "Url is no absolute http or https address")]
    [InlineData("hook", "", "Url is no absolute")]
    [InlineData("https://user:word@host/", "", "Url is no absolute")]
    [InlineData("https://host/", "short", "Secret has 5 characters")]
    [InlineData("", "0123456789abcdef", "Url is empty")]
    public void Settings_without_meaning_are_named_and_not_repeated(string url, string secret, string problem)
    {
        var found = Assert.Single(new AggregatorOptionsValidator().Validate(null, new AggregatorOptions { Webhook = new() { Url = url, Secret = secret } }).Failures!);

        Assert.StartsWith("Aggregator:Webhook:", found, StringComparison.Ordinal);
        Assert.Contains(problem, found, StringComparison.Ordinal);
        Assert.DoesNotContain("word@", found, StringComparison.Ordinal);
    }

    private async Task<Stage> StageAsync()
    {
        var server = await ScriptedServer.StartAsync();
        return new Stage(await AlertBench.CreateAsync(postgres), server, new WebhookOptions { Url = $"{server.Url}/hook?token=hidden", Secret = Secret });
    }

    private sealed class Stage(AlertBench bench, ScriptedServer server, WebhookOptions options) : IAsyncDisposable
    {
        private readonly Meters _meters = new();
        private readonly List<IDisposable> _used = [];

        public ScriptedServer Server => server;

        public WebhookOptions Options => options;

        public LineLog Lines { get; } = new();

        public WebhookSender Sender(bool dies = false)
        {
            var client = new WebhookClient(options, TimeProvider.System);
            var telemetry = new AggregatorTelemetry(_meters);
            _used.AddRange([client, telemetry]);
            return new WebhookSender(new WebhookStore(bench.Database), client, options, telemetry, Lines) { AfterPost = dies ? () => throw new AlertBench.DiedException() : null };
        }

        public Task AddAsync(string key, string body = "{}") => ExecuteAsync(
            $"INSERT INTO webhook_deliveries (idempotency_key, pipeline, body, attempts, next_attempt_at, created_at) VALUES ('{key}', 'p', '{body}', 0, now(), now())");

        /// <summary>Everything happened so much earlier.</summary>
        public Task PassTimeAsync(TimeSpan time) => ExecuteAsync(string.Create(
            CultureInfo.InvariantCulture, $"UPDATE webhook_deliveries SET next_attempt_at = next_attempt_at - interval '{time.TotalSeconds} s'"));

        public Task<IReadOnlyList<string>> LeftAsync() => bench.RowsAsync("SELECT idempotency_key, attempts, last_error FROM webhook_deliveries ORDER BY 1");

        public Task ExecuteAsync(string sql) => bench.ExecuteAsync(sql);

        public async ValueTask DisposeAsync()
        {
            _used.ForEach(one => one.Dispose());
            _meters.Dispose();
            await server.DisposeAsync();
            await bench.DisposeAsync();
        }
    }
}
