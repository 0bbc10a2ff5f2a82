using System.Text;
using System.Text.Json;
using Streaming.Contracts.Alerts;

namespace Streaming.Contracts.Tests.Alerts;

public sealed class AlertJsonTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 5, 0, TimeSpan.Zero);

    private static readonly AlertEvent Silent = new(
        "0f-063908352300000-firing", "sales-by-store", 2, "silent-store", "zürich-1", "firing", At, "warning", "1m", At.AddMinutes(-1), At, null, 12.5, "zürich-1 had no event in 1m.");

    [Fact]
    public void Event_is_this_json() => Assert.Equal(
        """
        {"id":"0f-063908352300000-firing","pipeline":"sales-by-store","generation":2,"rule":"silent-store","group_key":"z\u00FCrich-1",
        "transition":"firing","at":"2026-03-01T12:05:00+00:00","severity":"warning","window":"1m","window_start":"2026-03-01T12:04:00+00:00",
        "window_end":"2026-03-01T12:05:00+00:00","value":null,"threshold":12.5,"message":"z\u00FCrich-1 had no event in 1m."}
        """.ReplaceLineEndings(""),
        Encoding.UTF8.GetString(AlertEventJson.Encode(Silent)));

    [Fact]
    public void Event_comes_back_as_it_was_written() => Assert.Equal(Silent, AlertEventJson.Decode(AlertEventJson.Encode(Silent)));

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("nonsense")]
    public void Anything_else_is_refused(string json) => Assert.Throws<JsonException>(() => AlertEventJson.Decode(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Signature_is_hmac_sha256_over_timestamp_full_stop_and_body() => Assert.Equal(
        // printf '1772366700.{"id":"x"}' | openssl dgst -sha256 -hmac 0123456789abcdef
        "v1=a5b1731b600dcff902423d313958a3ac4fd464df6728f7a5ac381b6cab469789",
        WebhookSignature.Sign("0123456789abcdef", "1772366700", """{"id":"x"}"""u8));

    [Theory]
    [InlineData("0123456789abcdef", "1772366700", """{"id":"x"}""", 0, true)]
    [InlineData("0123456789abcdef", "1772366700", """{"id":"x"}""", 300, true)]
    [InlineData("0123456789abcdef", "1772366700", """{"id":"x"}""", 301, false)]
    [InlineData("0123456789abcdef", "1772366700", """{"id":"y"}""", 0, false)]
    [InlineData("0123456789abcdef", "1772366701", """{"id":"x"}""", 0, false)]
    [InlineData("another-secret-of-theirs", "1772366700", """{"id":"x"}""", 0, false)]
    [InlineData("0123456789abcdef", "soon", """{"id":"x"}""", 0, false)]
    public void Receiver_takes_what_is_genuine_and_fresh(string secret, string timestamp, string body, int secondsLater, bool isGenuine)
    {
        var signature = WebhookSignature.Sign("0123456789abcdef", "1772366700", """{"id":"x"}"""u8);
        var now = DateTimeOffset.FromUnixTimeSeconds(1772366700 + secondsLater);

        Assert.Equal(isGenuine, WebhookSignature.Verify(secret, timestamp, Encoding.UTF8.GetBytes(body), signature, now, TimeSpan.FromMinutes(5)));
    }
}
