using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Aspire.Hosting;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Dashboard.Otlp;
using Aspire.Hosting.Testing;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Streaming.Embedded.Aspire.Tests.Hosting;

namespace Streaming.Embedded.Aspire.Tests.Dashboard;

/// <summary>The sample AppHost with its dashboard, on random ports; one for all tests of a class.</summary>
public class DashboardApp : IAsyncLifetime
{
    private readonly string[] _args;
    private IDistributedApplicationTestingBuilder? _builder;
    private HttpClient? _browser;

    public DashboardApp()
        : this([])
    {
    }

    protected DashboardApp(string[] args) => _args = args;

    public DistributedApplication App { get; private set; } = null!;

    internal DashboardSettings Settings => App.Services.GetRequiredService<DashboardSettings>();

    internal Telemetry Telemetry => App.Services.GetRequiredService<Telemetry>();

    /// <summary>Logged in, and led on by redirects.</summary>
    public HttpClient Browser => _browser!;

    public async Task InitializeAsync()
    {
        _builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.SampleAppHost>(_args, (options, _) => options.DisableDashboard = false).WaitAsync(SampleApp.Bound);
        App = await _builder.BuildAsync().WaitAsync(SampleApp.Bound);
        await App.StartAsync().WaitAsync(SampleApp.Bound);
        _browser = NewClient(redirects: true);
        _browser.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        using var login = await _browser.GetAsync(new Uri(Settings.LoginUrl));
        login.EnsureSuccessStatusCode();
    }

    public async Task DisposeAsync()
    {
        _browser?.Dispose();
        await _builder!.DisposeAsync();
    }

    /// <summary>Not logged in.</summary>
    public HttpClient NewClient(bool redirects = false) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = redirects }) { BaseAddress = new Uri(Settings.Url), Timeout = SampleApp.Bound };

    public Task<string> PageAsync(string path) => Browser.GetStringAsync(new Uri(path, UriKind.Relative));

    /// <summary>The page as soon as something is true of it.</summary>
    public async Task<string> PageAsync(string path, Func<string, bool> isThere)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            var page = await PageAsync(path);
            if (isThere(page))
            {
                return page;
            }

            Assert.True(Stopwatch.GetElapsedTime(since) < SampleApp.Bound, $"It has not come about on {path}:\n{page}");
            await Task.Delay(100);
        }
    }

    /// <summary>Sends a body to the receiver as an exporter does.</summary>
    public async Task<(HttpStatusCode Status, byte[] Body)> SendAsync(
        string path, byte[] body, string? key = null, string type = "application/x-protobuf", string? encoding = null, HttpMethod? method = null)
    {
        using var client = new HttpClient { Timeout = SampleApp.Bound };
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, new Uri($"{Settings.OtlpUrl}{path}"));
        request.Headers.ExpectContinue = body.Length > 1 << 20; // Else the answer to a body that is too large may be lost with the connection.
        request.Headers.Add("x-otlp-api-key", key ?? Settings.OtlpKey ?? "none");
        request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        if (encoding is not null)
        {
            request.Content.Headers.ContentEncoding.Add(encoding);
        }

        using var response = await client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsByteArrayAsync());
    }

    internal async Task SendAsync(string path, IMessage message)
    {
        var (status, answer) = await SendAsync(path, message.ToByteArray());
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Null(ExportResponse.Parser.ParseFrom(answer).PartialSuccess);
    }
}
