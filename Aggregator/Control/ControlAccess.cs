using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Streaming.Aggregator.Control;

/// <summary>
/// Who may ask. A POST has to be JSON: a web page of another origin cannot send that without asking first, and is then refused. The Host header has to be one of
/// the configured ones: a name that somebody makes resolve to this machine is none of them.
/// </summary>
internal sealed class ControlAccess(IOptions<ControlOptions> options) : IEndpointFilter
{
    private const string Scheme = "Bearer ";

    private readonly IReadOnlyList<string> _hosts = options.Value.HostNames;
    private readonly byte[] _keyHash = SHA256.HashData(Encoding.UTF8.GetBytes(options.Value.Key));
    private readonly bool _hasKey = options.Value.Key.Length > 0;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        if (!_hosts.Contains("*") && !_hosts.Contains(request.Host.Host, StringComparer.OrdinalIgnoreCase))
        {
            return Results.Problem(statusCode: StatusCodes.Status403Forbidden, detail: $"The host is none of {ControlOptions.Section}:{nameof(ControlOptions.Hosts)}.");
        }

        if (_hasKey && !HasKey(request.Headers.Authorization.ToString()))
        {
            context.HttpContext.Response.Headers.WWWAuthenticate = "Bearer";
            return Results.Problem(statusCode: StatusCodes.Status401Unauthorized, detail: "The key is missing or wrong.");
        }

        return HttpMethods.IsPost(request.Method) && !request.HasJsonContentType()
            ? Results.Problem(statusCode: StatusCodes.Status415UnsupportedMediaType, detail: "A POST needs Content-Type: application/json.")
            : await next(context);
    }

    // Hashes have one length, so the comparison tells nothing about the key's.
    private bool HasKey(string header) => header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim())), _keyHash);
}
