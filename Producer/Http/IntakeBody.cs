using System.Text.Unicode;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Streaming.Contracts.Formats;

namespace Streaming.Producer.Http;

/// <summary>What a body is, by its media type.</summary>
internal enum BodyKind
{
    /// <summary>One JSON value.</summary>
    Json,

    /// <summary>JSON values, one per line.</summary>
    Ndjson,

    /// <summary>One XML document.</summary>
    Xml,

    /// <summary>Text in UTF-8.</summary>
    Text,

    /// <summary>Any bytes.</summary>
    Bytes,
}

/// <summary>Reads bodies, no further than a limit, and checks that they are what they say.</summary>
internal static class IntakeBody
{
    private const string Supported = "application/json, application/xml, text/xml, text/plain, application/octet-stream; for batches application/x-ndjson and application/json";

    /// <summary>What the request says that its body is.</summary>
    /// <exception cref="IntakeRefusal">Nothing that is taken here: 415.</exception>
    public static BodyKind Kind(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || (type.Charset.HasValue && !type.Charset.Value.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
        {
            throw Unsupported(request);
        }

        return type.MediaType.Value?.ToUpperInvariant() switch
        {
            "APPLICATION/JSON" => BodyKind.Json,
            "APPLICATION/X-NDJSON" or "APPLICATION/NDJSON" or "APPLICATION/JSONL" or "APPLICATION/X-JSONLINES" => BodyKind.Ndjson,
            "APPLICATION/XML" or "TEXT/XML" => BodyKind.Xml,
            "TEXT/PLAIN" => BodyKind.Text,
            "APPLICATION/OCTET-STREAM" => BodyKind.Bytes,
            { } other when other.EndsWith("+JSON", StringComparison.Ordinal) => BodyKind.Json,
            { } other when other.EndsWith("+XML", StringComparison.Ordinal) => BodyKind.Xml,
            _ => throw Unsupported(request),
        };
    }

    /// <summary>415, with what is taken.</summary>
    public static IntakeRefusal Unsupported(HttpRequest request) =>
        new(StatusCodes.Status415UnsupportedMediaType, $"Content-Type {Shown.Text(request.ContentType ?? "")} is not taken here. There are, all in UTF-8: {Supported}.");

    /// <summary>The body.</summary>
    /// <exception cref="IntakeRefusal">It is larger: 413.</exception>
    public static async Task<byte[]> ReadAsync(HttpContext http, int most, CancellationToken cancellationToken)
    {
        if (http.Request.ContentLength > most)
        {
            throw IntakeRefusal.TooLarge(most, "The body");
        }

        // The server's own limit may be lower; what is beyond ours is noticed one byte later.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = most + 1L;
        }

        using var body = new MemoryStream((int)(http.Request.ContentLength ?? 0));
        var buffer = new byte[16 * 1024];
        try
        {
            for (int read; (read = await http.Request.Body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
            {
                if (body.Length + read > most)
                {
                    throw IntakeRefusal.TooLarge(most, "The body");
                }

                body.Write(buffer, 0, read);
            }
        }
        catch (BadHttpRequestException exception)
        {
            throw new IntakeRefusal(exception.StatusCode, exception.Message);
        }

        return body.ToArray();
    }

    /// <summary>Checks one record's value; its bytes are sent as they are.</summary>
    /// <exception cref="IntakeRefusal">It is not what it says: 400.</exception>
    public static void Check(BodyKind kind, ReadOnlySpan<byte> value)
    {
        var problem = kind switch
        {
            BodyKind.Json or BodyKind.Ndjson => JsonCheck.Problem(value),
            BodyKind.Xml => XmlCheck.Problem(value),
            BodyKind.Text => Utf8.IsValid(value) ? null : "no UTF-8",
            _ => null,
        };
        if (problem is not null)
        {
            throw IntakeRefusal.BadRequest($"The body is {problem}.");
        }
    }
}
