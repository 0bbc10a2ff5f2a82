using System.Globalization;
using System.Net;

namespace Streaming.Embedded.Kafka;

/// <summary>A <c>host:port</c> as clients are told it; the host may be a name or an address (IPv6 in brackets).</summary>
internal readonly record struct HostAndPort(string Host, int Port)
{
    public static HostAndPort From(IPEndPoint endPoint) => new(endPoint.Address.ToString(), endPoint.Port);

    public static bool TryParse(string text, out HostAndPort result)
    {
        result = default;
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port is < 0 or > 65535)
        {
            return false;
        }

        result = new HostAndPort(text[..colon].Trim('[', ']'), port);
        return result.Host.Length > 0;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");
}
