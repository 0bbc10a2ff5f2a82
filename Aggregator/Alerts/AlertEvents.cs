using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Outbox;
using Streaming.Contracts;
using Streaming.Contracts.Alerts;

namespace Streaming.Aggregator.Alerts;

/// <summary>Transitions as they leave: for the table, the topic and the webhook.</summary>
internal static class AlertEvents
{
    // Makes event times before 1970 positive, so that ids sort by time.
    private const long MsFromYear1To1970 = 62_135_596_800_000;

    public static AlertEvent Of(InputPartition partition, Transition transition)
    {
        var word = transition.IsFiring ? AlertWords.Firing : AlertWords.Resolved;
        return new AlertEvent(
            Id(partition, transition, word), partition.Pipeline, partition.Generation, transition.Rule.Name, transition.Key.Text, word, transition.Window.End,
            AlertWords.Of(transition.Rule.Severity), transition.Rule.Window, transition.Window.Start, transition.Window.End, transition.Value,
            transition.Threshold, AlertRuleText.Message(transition));
    }

    /// <summary>The record for the topic <c>alerts</c>. Its key names the alert, so that all transitions of one are in one partition, in order.</summary>
    public static OutboxMessage Message(AlertEvent alert) =>
        new(Topics.Alerts.Name, Encoding.UTF8.GetBytes($"{alert.Pipeline}/{alert.Rule}/{alert.GroupKey}"), AlertEventJson.Encode(alert), Headers: null);

    /// <summary>
    /// <c>ALERT-TIME-TRANSITION</c>: the first part names the alert and is a hash, because keys are of any length and letters. The generation is not in it: a
    /// replay finds the same transitions again.
    /// </summary>
    private static string Id(InputPartition partition, Transition transition, string word)
    {
        // No name holds a zero byte: PostgreSQL's text could not either.
        var alert = string.Create(CultureInfo.InvariantCulture,
            $"{partition.Pipeline}\0{partition.TopicId}\0{partition.Partition}\0{transition.Rule.Name}\0{transition.Key.Text}");
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(alert));
        return string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(hash.AsSpan(0, 16))}-{transition.AtMs + MsFromYear1To1970:D15}-{word}");
    }
}
