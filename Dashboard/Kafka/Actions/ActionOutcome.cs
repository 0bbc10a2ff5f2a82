using System.Collections.Immutable;
using Streaming.Cluster.Groups;

namespace Streaming.Dashboard.Kafka.Actions;

/// <summary>What became of an action, for the page that is shown next.</summary>
/// <param name="IsDone">Whether it was done; otherwise <paramref name="Text"/> says why not, and <paramref name="Fields"/> fill the form again.</param>
/// <param name="Text">In words, naming the topic or group.</param>
/// <param name="Fields">What was filled in.</param>
/// <param name="Steps">What a reset of offsets changes or has changed.</param>
public sealed record ActionOutcome(bool IsDone, string Text, IReadOnlyDictionary<string, string> Fields, ImmutableArray<ResetStep> Steps)
{
    public static ActionOutcome Done(string text) => new(true, text, ImmutableDictionary<string, string>.Empty, []);

    public static ActionOutcome Refused(string text, IReadOnlyDictionary<string, string> fields) => new(false, text, fields, []);

    /// <summary>What was filled in; empty when it was nothing.</summary>
    public string Field(string name) => Fields.GetValueOrDefault(name, "");
}
