using System.Net;
using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Streaming.Embedded.Aspire.Tests.Hosting;

namespace Streaming.Embedded.Aspire.Tests.Dashboard;

public sealed class SecretiveApp() : DashboardApp(
    ["--FirstChild=Host=db;Password=hunter2hunter2;Port=1", "--Third:SAMPLE_API_KEY=abcdef-secret", "--Third:SAMPLE_URL=amqp://user:hunter2hunter2@host/x", "--Third:SAMPLE_PLAIN=<b>plain</b>"]);

public sealed partial class ResourcesTests(SecretiveApp dashboard) : IClassFixture<SecretiveApp>
{
    [Fact]
    public async Task Resources_are_shown_with_state_health_endpoints_and_replicas()
    {
        var page = await dashboard.PageAsync("/", page => Healthy().Count(page) >= 4);

        Assert.Contains($"<a href=\"{dashboard.App.GetEndpoint("first").ToString().TrimEnd('/')}\"", page, StringComparison.Ordinal);
        Assert.Equal(2, Replicas().Count(page));
        Assert.Equal(4, Regex.Count(page, ">Stop</button>"));
    }

    [Fact]
    public async Task Secrets_in_the_environment_are_masked()
    {
        await dashboard.App.ResourceNotifications.WaitForResourceHealthyAsync("third").WaitAsync(SampleApp.Bound);
        var page = await EnvironmentAsync("third");
        var first = await EnvironmentAsync("first");

        Assert.Contains("<dt>SAMPLE_API_KEY</dt><dd>●●●●●●●●</dd>", page, StringComparison.Ordinal);
        Assert.Contains("<dt>SAMPLE_URL</dt><dd>amqp://user:●●●●●●●●@host/x</dd>", page, StringComparison.Ordinal);
        Assert.Contains("<dt>SAMPLE_PLAIN</dt><dd>&lt;b&gt;plain&lt;/b&gt;</dd>", page, StringComparison.Ordinal);
        Assert.Contains("<dd>Host=db;Password=●●●●●●●●;Port=1</dd>", first, StringComparison.Ordinal);
        foreach (var secret in new[] { "hunter2", "abcdef-secret", dashboard.Settings.OtlpKey!, dashboard.Settings.Token! })
        {
            Assert.DoesNotContain(secret, page + first, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Exporters_get_the_receivers_address_protocol_and_key()
    {
        await dashboard.App.ResourceNotifications.WaitForResourceHealthyAsync("first").WaitAsync(SampleApp.Bound);
        using var client = dashboard.App.CreateHttpClient("first");
        var environment = await client.GetStringAsync(new Uri("/environment", UriKind.Relative));

        Assert.Contains($"\"OTEL_EXPORTER_OTLP_ENDPOINT\":\"{dashboard.Settings.OtlpUrl}\"", environment, StringComparison.Ordinal);
        Assert.Contains("\"OTEL_EXPORTER_OTLP_PROTOCOL\":\"http/protobuf\"", environment, StringComparison.Ordinal);
        Assert.Contains($"\"OTEL_EXPORTER_OTLP_HEADERS\":\"x-otlp-api-key={dashboard.Settings.OtlpKey}\"", environment, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resource_is_stopped_and_started_by_its_buttons()
    {
        await dashboard.App.ResourceNotifications.WaitForResourceHealthyAsync("third").WaitAsync(SampleApp.Bound);
        var id = (await ReplicaAsync("third")).ResourceId;

        await CommandAsync(id, "resource-stop", HttpStatusCode.OK);
        await dashboard.App.ResourceNotifications.WaitForResourceAsync("third", KnownResourceStates.TerminalStates).WaitAsync(SampleApp.Bound);
        var stopped = await dashboard.PageAsync("/", page => page.Contains($"{id}: resource-stop done", StringComparison.Ordinal));
        await CommandAsync(id, "resource-start", HttpStatusCode.OK);
        await dashboard.App.ResourceNotifications.WaitForResourceHealthyAsync("third").WaitAsync(SampleApp.Bound);

        Assert.Contains($"aria-label=\"Start {id}\"", stopped, StringComparison.Ordinal);
        await CommandAsync(id, "no-such-command", HttpStatusCode.OK);
        await dashboard.PageAsync("/", page => page.Contains("failed: Command &#x27;no-such-command&#x27;", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_form_without_the_token_of_the_pages_changes_nothing()
    {
        await dashboard.App.ResourceNotifications.WaitForResourceHealthyAsync("first").WaitAsync(SampleApp.Bound);
        var former = await ReplicaAsync("first");

        await CommandAsync(former.ResourceId, "resource-stop", HttpStatusCode.BadRequest, token: "0123456789abcdef0123456789abcdef");
        await CommandAsync(former.ResourceId, "resource-stop", HttpStatusCode.BadRequest, token: "");

        Assert.Equal(KnownResourceStates.Running, (await ReplicaAsync("first")).Snapshot.State?.Text);
    }

    [Fact]
    public async Task What_a_resource_writes_comes_to_its_page_as_it_is_written()
    {
        await dashboard.App.ResourceNotifications.WaitForResourceHealthyAsync("first").WaitAsync(SampleApp.Bound);
        using var bound = new CancellationTokenSource(SampleApp.Bound);
        using var stream = new StreamReader(await dashboard.Browser.GetStreamAsync(new Uri("/consolelogs/stream/first", UriKind.Relative), bound.Token));
        using var first = dashboard.App.CreateHttpClient("first");

        await first.GetAsync(new Uri("/write/%3Cb%3E%1B%5B32mgreen%1B%5B0m", UriKind.Relative), bound.Token);

        string? line;
        do
        {
            line = await stream.ReadLineAsync(bound.Token);
        }
        while (line is not null && !line.Contains("\"\\u003Cb\\u003Egreen\"", StringComparison.Ordinal)); // Without the colours of a terminal.
        Assert.NotNull(line);
        Assert.Contains("data-stream=\"/consolelogs/stream/first\"", await dashboard.PageAsync("/consolelogs/resource/first"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_of_a_resource_that_there_is_not_are_not_found()
    {
        using var response = await dashboard.Browser.GetAsync(new Uri("/consolelogs/stream/nobody", UriKind.Relative));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private async Task<string> EnvironmentAsync(string resource) => await dashboard.PageAsync($"/?resource={(await ReplicaAsync(resource)).ResourceId}");

    private async Task<ResourceEvent> ReplicaAsync(string resource) =>
        await dashboard.App.ResourceNotifications.WaitForResourceAsync(resource, _ => true).WaitAsync(SampleApp.Bound);

    private async Task CommandAsync(string id, string command, HttpStatusCode expected, string? token = null)
    {
        token ??= FormToken().Match(await dashboard.PageAsync("/")).Groups[1].Value;
        using var form = new FormUrlEncodedContent([new("token", token), new("resource", id), new("command", command)]);
        using var response = await dashboard.Browser.PostAsync(new Uri("/commands", UriKind.Relative), form);
        Assert.Equal(expected, response.StatusCode);
    }

    [GeneratedRegex("name=\"token\" value=\"([0-9a-f]+)\"")]
    private static partial Regex FormToken();

    [GeneratedRegex("<span class=\"state good\">Running</span> Healthy")]
    private static partial Regex Healthy();

    [GeneratedRegex("<small>second-[a-z]{8}, one of 2 replicas</small>")]
    private static partial Regex Replicas();
}
