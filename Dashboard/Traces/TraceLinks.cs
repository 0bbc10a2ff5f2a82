using Microsoft.Extensions.Options;
using Streaming.Contracts.Tracing;

namespace Streaming.Dashboard.Traces;

/// <summary>Where a trace can be looked at.</summary>
/// <param name="TraceId">Its id, 32 hexadecimal digits.</param>
/// <param name="Address">The page that shows it; null where none is known.</param>
public sealed record TraceAddress(string TraceId, string? Address)
{
    /// <summary>Enough of the id to tell two traces on a page apart.</summary>
    public string ShortId => TraceId[..8];
}

/// <summary>Makes addresses out of <see cref="DashboardOptions.TraceUrl"/>.</summary>
public sealed class TraceLinks(IOptions<DashboardOptions> options)
{
    /// <summary>What stands for the trace's id in the address.</summary>
    public const string Placeholder = "{traceId}";

    private readonly string _pattern = options.Value.TraceUrl;

    /// <summary>The trace of a row's <c>traceparent</c>; null when it has none.</summary>
    public TraceAddress? Of(string? traceParent) => TraceParent.TraceId(traceParent) is { } id
        ? new TraceAddress(id, _pattern.Length == 0 ? null : _pattern.Replace(Placeholder, id, StringComparison.Ordinal))
        : null;

    /// <summary>Whether an address can be made of it: absolute, http or https, with the place for the id, and without a user's name.</summary>
    public static bool IsPattern(string text) =>
        text.Contains(Placeholder, StringComparison.Ordinal)
        && Uri.TryCreate(text.Replace(Placeholder, new string('0', 32), StringComparison.Ordinal), UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address.UserInfo.Length == 0 && address.Host.Length > 0 && !address.Host.Contains(new string('0', 32), StringComparison.Ordinal);
}
