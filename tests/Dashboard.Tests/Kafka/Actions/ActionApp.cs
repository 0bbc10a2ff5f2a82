using System.Net;
using System.Text.RegularExpressions;
using Confluent.Kafka;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Streaming.Dashboard.Tests.Kafka.Actions;

/// <summary>The Dashboard beside a broker, used as a browser uses it: a page is loaded, its form filled in and sent, the redirection followed.</summary>
internal sealed partial class ActionApp(TestBroker broker, string database, bool isSwitchedOn = true) : IAsyncDisposable
{
    private readonly WebApplicationFactory<Program> _plain = new();
    private HttpClient? _client;

    public HttpClient Client => _client ??= _plain.WithWebHostBuilder(host =>
    {
        host.UseSetting("ConnectionStrings:streaming", database);
        host.UseSetting("ConnectionStrings:kafka", broker.Servers);
        host.UseSetting("Dashboard:TopicActions", isSwitchedOn ? "true" : "false");
        host.UseSetting("Dashboard:Kafka:RequestTimeout", "00:00:03");
    }).CreateClient();

    /// <summary>What a page says, with its references resolved.</summary>
    public async Task<string> PageAsync(string path) => WebUtility.HtmlDecode(await Client.GetStringAsync(path));

    /// <summary>Fills in the form of a page that is sent to an action, and sends it.</summary>
    /// <returns>The page that it leads to.</returns>
    public async Task<string> SendAsync(string page, string action, params (string Name, string Value)[] fields) =>
        await SendFilledAsync(await Client.GetStringAsync(page), action, fields);

    /// <summary>The same with a page that was loaded before.</summary>
    public async Task<string> SendFilledAsync(string html, string action, params (string Name, string Value)[] fields)
    {
        var form = Assert.Single(Form().Matches(html).Select(match => match.Value), form => form.Contains($"action=\"{action}\"", StringComparison.Ordinal));
        var token = Token().Match(form).Groups[1].Value;
        var answer = await PostAsync(action, [.. fields, ("__RequestVerificationToken", token)]);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }

    public async Task<HttpResponseMessage> PostAsync(string action, params (string Name, string Value)[] fields)
    {
        using var content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        return await Client.PostAsync(new Uri(action, UriKind.Relative), content);
    }

    /// <summary>Lets a group commit offsets of partition 0, with nobody in it.</summary>
    public void Commit(string group, string topic, long offset)
    {
        using var consumer = Consumer(group);
        consumer.Commit([new TopicPartitionOffset(topic, 0, offset)]);
    }

    public long Committed(string group, string topic)
    {
        using var consumer = Consumer(group);
        return consumer.Committed([new TopicPartition(topic, 0)], TimeSpan.FromSeconds(10)).Single().Offset.Value;
    }

    public IConsumer<Ignore, Ignore> Consumer(string group) => new ConsumerBuilder<Ignore, Ignore>(
        new ConsumerConfig { BootstrapServers = broker.Servers, GroupId = group, EnableAutoCommit = false, AutoOffsetReset = AutoOffsetReset.Earliest }).Build();

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        await _plain.DisposeAsync();
    }

    [GeneratedRegex("<form .*?</form>", RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
