using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Streaming.Contracts.Alerts;

/// <summary>
/// The headers of a webhook's request, and how its receiver makes sure that it comes from this application and was not changed:
/// <c>Streaming-Signature: v1=HEX</c>, where HEX is HMAC-SHA256 in lower case, with the shared secret's UTF-8 bytes as key, over the text of
/// <c>Streaming-Timestamp</c>, a full stop, and the body's bytes. The timestamp is of this attempt, in seconds since the Unix epoch, so that a request that
/// somebody recorded can be refused later on. The body's <c>id</c> equals <c>Idempotency-Key</c>.
/// </summary>
public static class WebhookSignature
{
    /// <summary>The same at every attempt.</summary>
    public const string IdempotencyKeyHeader = "Idempotency-Key";

    /// <summary>When this attempt was made, in seconds since the Unix epoch.</summary>
    public const string TimestampHeader = "Streaming-Timestamp";

    /// <summary>Absent where no secret is configured.</summary>
    public const string SignatureHeader = "Streaming-Signature";

    private const string Version = "v1=";

    /// <summary>The value of the signature's header.</summary>
    public static string Sign(string secret, string timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.UTF8.GetBytes($"{timestamp}."));
        hmac.AppendData(body);
        return Version + Convert.ToHexStringLower(hmac.GetHashAndReset());
    }

    /// <summary>For receivers: whether the request is genuine, and was made within <paramref name="tolerance"/> of <paramref name="now"/>.</summary>
    public static bool Verify(string secret, string timestamp, ReadOnlySpan<byte> body, string signature, DateTimeOffset now, TimeSpan tolerance) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Sign(secret, timestamp, body)), Encoding.UTF8.GetBytes(signature))
        && long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && Math.Abs((decimal)now.ToUnixTimeSeconds() - seconds) <= (decimal)tolerance.TotalSeconds;
}
