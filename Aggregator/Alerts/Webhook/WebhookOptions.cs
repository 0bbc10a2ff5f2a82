namespace Streaming.Aggregator.Alerts.Webhook;

/// <summary>Where transitions of alerts are posted: section <c>Aggregator:Webhook</c>. Checked at start.</summary>
public sealed class WebhookOptions
{
    /// <summary>An http or https address; empty: nothing is posted. It may hold secrets and is never logged beyond its host.</summary>
    public string Url { get; set; } = "";

    /// <summary>Shared with the receiver, to sign requests; empty: they are not signed.</summary>
    public string Secret { get; set; } = "";

    /// <summary>How long the receiver may take for its answer.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A transition that could not be delivered for this long is given up.</summary>
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(3);

    /// <summary>Whether transitions are posted at all.</summary>
    public bool IsConfigured => Url.Length > 0;

    /// <summary>What has no meaning, each with its key; values that may be secret are not repeated.</summary>
    internal IEnumerable<string> Problems(string section)
    {
        if (IsConfigured && !(Uri.TryCreate(Url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0))
        {
            yield return $"{section}:{nameof(Url)} is no absolute http or https address without a user name (its value is not shown).";
        }

        if (Secret.Length is > 0 and < 16)
        {
            yield return $"{section}:{nameof(Secret)} has {Secret.Length} characters; it must have 16 or more, or be empty.";
        }

        if (Secret.Length > 0 && !IsConfigured)
        {
            yield return $"{section}:{nameof(Secret)} is set, but {section}:{nameof(Url)} is empty.";
        }

        if (Timeout < TimeSpan.FromMilliseconds(100) || Timeout > TimeSpan.FromMinutes(1))
        {
            yield return $"{section}:{nameof(Timeout)} is {Timeout:c}; it must be from 00:00:00.1000000 to 00:01:00.";
        }

        if (GiveUpAfter < TimeSpan.FromMinutes(1) || GiveUpAfter > TimeSpan.FromDays(30))
        {
            yield return $"{section}:{nameof(GiveUpAfter)} is {GiveUpAfter:c}; it must be from 00:01:00 to 30.00:00:00.";
        }
    }
}
