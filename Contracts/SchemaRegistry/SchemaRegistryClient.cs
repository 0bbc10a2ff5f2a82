using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Streaming.Contracts.Avro;

namespace Streaming.Contracts.SchemaRegistry;

/// <summary>
/// Asks a registry with Confluent's REST interface. Schemas that were found are remembered, since an id never changes its meaning; may be shared by threads.
/// </summary>
public sealed class SchemaRegistryClient : IDisposable
{
    /// <summary>The interface's content type.</summary>
    public const string ContentType = "application/vnd.schemaregistry.v1+json";

    private const int UnknownSchema = 40403;
    private const int Attempts = 3;
    private const int MostRemembered = 10_000;
    private const int MostText = 300;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<int, RegisteredSchema> _schemas = new();
    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly TimeSpan _patience;

    /// <summary>Prepares asking; nothing is sent yet.</summary>
    /// <param name="settings">Where the registry is.</param>
    /// <param name="handler">What sends; null for the network.</param>
    /// <param name="time">For pauses between attempts.</param>
    /// <param name="patience">How long one attempt may take; 5 s when null.</param>
    public SchemaRegistryClient(SchemaRegistrySettings settings, HttpMessageHandler? handler = null, TimeProvider? time = null, TimeSpan? patience = null)
    {
        // No redirects: the credentials are for this address only. No cookies: there is no session.
        _http = new HttpClient(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            BaseAddress = settings.Address,
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = 8 * 1024 * 1024,
        };
        (_time, _patience) = (time ?? TimeProvider.System, patience ?? TimeSpan.FromSeconds(5));
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue(ContentType));
        if (settings.UserName is { } user)
        {
            var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{settings.Password}"));
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        }
    }

    /// <summary>Registers a schema, unless the subject has it already.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="SchemaRefusedException">The registry will not take it.</exception>
    /// <exception cref="SchemaRegistryException">The registry did not answer after a few attempts.</exception>
    public async Task<int> RegisterAsync(string subject, AvroSchema schema, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new RegisterRequest(schema.ToString()), SchemaRegistryJson.Default.RegisterRequest);
        var (status, answer) = await SendAsync(HttpMethod.Post, $"subjects/{Uri.EscapeDataString(subject)}/versions", body, cancellationToken).ConfigureAwait(false);
        return status switch
        {
            HttpStatusCode.OK => Read(answer, SchemaRegistryJson.Default.RegisterAnswer).Id,
            HttpStatusCode.Conflict or HttpStatusCode.UnprocessableEntity => throw new SchemaRefusedException(subject, Error(answer)?.Message ?? "it gave no reason"),
            _ => throw Unexpected(status, answer),
        };
    }

    /// <summary>The schema of an id; null when the registry knows none.</summary>
    /// <exception cref="SchemaRegistryException">The registry did not answer after a few attempts.</exception>
    public async ValueTask<RegisteredSchema?> FindAsync(int id, CancellationToken cancellationToken)
    {
        if (_schemas.TryGetValue(id, out var known))
        {
            return known;
        }

        var (status, answer) = await SendAsync(HttpMethod.Get, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"schemas/ids/{id}"), null, cancellationToken).ConfigureAwait(false);
        if (status == HttpStatusCode.NotFound && Error(answer) is { ErrorCode: UnknownSchema })
        {
            return null;
        }

        if (status != HttpStatusCode.OK)
        {
            throw Unexpected(status, answer);
        }

        var found = Read(answer, SchemaRegistryJson.Default.SchemaAnswer);
        return Remember(RegisteredSchema.Of(id, found.SchemaType, found.Schema ?? throw Unexpected(status, answer), found.References is { Count: > 0 }));
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private RegisteredSchema Remember(RegisteredSchema schema)
    {
        if (_schemas.Count >= MostRemembered)
        {
            _schemas.Clear();
        }

        return _schemas.GetOrAdd(schema.Id, schema);
    }

    private async Task<(HttpStatusCode Status, byte[] Answer)> SendAsync(HttpMethod method, string path, byte[]? body, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            string trouble;
            Exception? cause = null;
            try
            {
                var (status, answer) = await SendOnceAsync(method, path, body, cancellationToken).ConfigureAwait(false);
                if (!IsTransient(status))
                {
                    return (status, answer);
                }

                trouble = Unexpected(status, answer).Message;
            }
            catch (Exception e) when (e is HttpRequestException or TimeoutException)
            {
                (trouble, cause) = ($"The schema registry at {_http.BaseAddress} cannot be reached: {e.Message}", e);
            }

            if (attempt == Attempts)
            {
                throw cause is null ? new SchemaRegistryException(trouble) : new SchemaRegistryException(trouble, cause);
            }

            await Task.Delay(FirstPause * (1 << (2 * (attempt - 1))), _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<(HttpStatusCode Status, byte[] Answer)> SendOnceAsync(HttpMethod method, string path, byte[]? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(ContentType) } };
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_patience);
        try
        {
            using var response = await _http.SendAsync(request, patience.Token).ConfigureAwait(false);
            return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(patience.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {_patience.TotalSeconds} s", e);
        }
    }

    private static bool IsTransient(HttpStatusCode status) =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout || (int)status >= 500;

    private SchemaRegistryException Unexpected(HttpStatusCode status, byte[] answer)
    {
        var message = Error(answer)?.Message is { } words ? $": {(words.Length <= MostText ? words : words[..MostText] + "…")}" : "";
        return new SchemaRegistryException($"The schema registry at {_http.BaseAddress} answered {(int)status}{message}");
    }

    private T Read<T>(byte[] answer, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(answer, type) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new SchemaRegistryException($"The schema registry at {_http.BaseAddress} answered with what is no answer of a registry", e);
        }
    }

    private static ErrorAnswer? Error(byte[] answer)
    {
        try
        {
            return JsonSerializer.Deserialize(answer, SchemaRegistryJson.Default.ErrorAnswer);
        }
        catch (JsonException)
        {
            // A proxy's page, say: the status has to do.
            return null;
        }
    }
}
