using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Streaming.Producer.Http;

/// <summary>
/// Who may send. The Host header has to be one of the configured ones: a name that somebody makes resolve to this machine is none of them. Without a key, only this
/// machine may, and no web page (a browser tells where a page is from, and would let any page post text here).
/// </summary>
internal sealed class IntakeAccess(IOptions<IntakeOptions> options) : IEndpointFilter
{
    private const string Scheme = "Bearer ";

    private readonly IReadOnlyList<string> _hosts = options.Value.HostNames;
    private readonly byte[] _keyHash = SHA256.HashData(Encoding.UTF8.GetBytes(options.Value.Key));
    private readonly bool _hasKey = options.Value.Key.Length > 0;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!_hosts.Contains("*") && !_hosts.Contains(http.Request.Host.Host, StringComparer.OrdinalIgnoreCase))
        {
            return Refused($"The host is none of {IntakeOptions.Section}:{nameof(IntakeOptions.Hosts)}.");
        }

        if (_hasKey)
        {
            return HasKey(http.Request.Headers.Authorization.ToString()) ? await next(context) : Unauthorized(http);
        }

        return !IsThisMachine(http.Connection.RemoteIpAddress) ? Refused($"Other machines need a key: {IntakeOptions.Section}:{nameof(IntakeOptions.Key)}.")
            : http.Request.Headers.Origin.Count > 0 ? Refused($"Web pages need a key: {IntakeOptions.Section}:{nameof(IntakeOptions.Key)}.")
            : await next(context);
    }

    // No address: a connection within the process.
    private static bool IsThisMachine(IPAddress? address) => address is null || IPAddress.IsLoopback(address);

    private static IResult Refused(string detail) => Results.Problem(statusCode: StatusCodes.Status403Forbidden, detail: detail);

    private static IResult Unauthorized(HttpContext http)
    {
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return Results.Problem(statusCode: StatusCodes.Status401Unauthorized, detail: "The key is missing or wrong.");
    }

    // Hashes have one length, so the comparison tells nothing about the key's.
    private bool HasKey(string header) => header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim())), _keyHash);
}
