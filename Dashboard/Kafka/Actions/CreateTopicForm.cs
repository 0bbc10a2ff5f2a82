using System.Globalization;
using Streaming.Cluster;

namespace Streaming.Dashboard.Kafka.Actions;

/// <summary>The form that creates a topic. Empty numbers leave them to the cluster.</summary>
public sealed record CreateTopicForm(string Name, string Partitions, string Replication, string Settings)
{
    private const int LongestSettings = 4000;

    /// <summary>Reads what was sent.</summary>
    public static CreateTopicForm From(IFormCollection form) => new(
        FormField.Of(form, nameof(Name)), FormField.Of(form, nameof(Partitions)), FormField.Of(form, nameof(Replication)), FormField.Of(form, nameof(Settings)));

    /// <summary>What was filled in.</summary>
    public Dictionary<string, string> Fields() => new()
    {
        [nameof(Name)] = Name,
        [nameof(Partitions)] = Partitions,
        [nameof(Replication)] = Replication,
        [nameof(Settings)] = Settings,
    };

    /// <param name="topic">What is to be created.</param>
    /// <param name="problem">Otherwise, which field cannot be used and why.</param>
    public bool TryRead(out NewTopic topic, out string problem)
    {
        topic = null!;
        short? replication = null;
        if (!TopicName.IsPossible(Name))
        {
            problem = $"'{Name}' can be no topic's name: {TopicName.Rule}.";
        }
        else if (!TryNumber(Partitions, int.MaxValue, out var partitions))
        {
            problem = $"Partitions of topic '{Name}': '{Partitions}' is no whole number from 1 on.";
        }
        else if (!TryNumber(Replication, short.MaxValue, out var copies))
        {
            problem = $"Copies of topic '{Name}': '{Replication}' is no whole number from 1 on.";
        }
        else if (Settings.Length > LongestSettings)
        {
            problem = $"The settings of topic '{Name}' are longer than {LongestSettings} characters.";
        }
        else if (!TopicSettings.TryParse(Settings.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), out var settings, out var wrong))
        {
            problem = $"Settings of topic '{Name}': a line {wrong}";
        }
        else
        {
            replication = (short?)copies;
            (topic, problem) = (new NewTopic(Name, partitions, replication, settings), "");
            return true;
        }

        return false;
    }

    private static bool TryNumber(string text, int largest, out int? number)
    {
        number = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var read) && read >= 1 && read <= largest ? read : null;
        return text.Length == 0 || number is not null;
    }
}
