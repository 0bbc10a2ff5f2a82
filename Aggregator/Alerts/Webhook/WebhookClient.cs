using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Streaming.Contracts.Alerts;

namespace Streaming.Aggregator.Alerts.Webhook;

/// <summary>
/// Posts to one address. Redirects are not followed: they could carry what is posted to somebody else. The client makes no spans and no log lines of its own,
/// because they would show the address.
/// </summary>
internal sealed class WebhookClient : IDisposable
{
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    private readonly WebhookOptions _options;
    private readonly Uri _address;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    public WebhookClient(WebhookOptions options, TimeProvider time)
    {
        _options = options;
        _address = new Uri(options.Url);
        _time = time;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            MaxResponseHeadersLength = 32,
        };
        // The limit is one for the whole exchange, below; this one would be logged with the address.
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>What logs may say of the address.</summary>
    public string Host => $"{_address.Scheme}://{_address.Authority}";

    /// <summary>Posts once. An answer that is not 2xx, or none, is no exception.</summary>
    /// <exception cref="OperationCanceledException">Given up by the caller.</exception>
    public async Task<WebhookAnswer> PostAsync(string idempotencyKey, string body, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.Timeout);
        using var request = Request(idempotencyKey, Encoding.UTF8.GetBytes(body));
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return response.IsSuccessStatusCode
                ? WebhookAnswer.Taken with { Status = (int)response.StatusCode }
                : new WebhookAnswer($"answered {(int)response.StatusCode}", RetryAfter(response.Headers.RetryAfter)) { Status = (int)response.StatusCode };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new WebhookAnswer($"no answer within {_options.Timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s", null);
        }
        catch (HttpRequestException e)
        {
            return new WebhookAnswer($"no answer: {e.HttpRequestError}", null);
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(string idempotencyKey, byte[] body)
    {
        var timestamp = _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var request = new HttpRequestMessage(HttpMethod.Post, _address)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.Add(WebhookSignature.IdempotencyKeyHeader, idempotencyKey);
        request.Headers.Add(WebhookSignature.TimestampHeader, timestamp);
        if (_options.Secret.Length > 0)
        {
            request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Sign(_options.Secret, timestamp, body));
        }

        return request;
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? value)
    {
        var asked = value?.Delta ?? (value?.Date is { } date ? date - _time.GetUtcNow() : null);
        return asked is { } wait && wait > TimeSpan.Zero ? (wait < LongestRetryAfter ? wait : LongestRetryAfter) : null;
    }
}

/// <summary>What became of one request.</summary>
/// <param name="Error">Null: it was taken. Else why not, without anything of the address.</param>
/// <param name="RetryAfter">For how long the receiver wants to be left alone, if it says so.</param>
internal sealed record WebhookAnswer(string? Error, TimeSpan? RetryAfter)
{
    public static readonly WebhookAnswer Taken = new(null, null);

    /// <summary>The answer's status code; null when there was no answer.</summary>
    public int? Status { get; init; }
}
