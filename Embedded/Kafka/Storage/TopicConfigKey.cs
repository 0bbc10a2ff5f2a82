using System.Globalization;

namespace Streaming.Embedded.Kafka.Storage;

/// <summary>The kinds of values, numbered as DescribeConfigs does (KIP-226, ConfigType).</summary>
public enum TopicConfigType
{
    /// <summary><c>true</c> or <c>false</c>.</summary>
    Truth = 1,

    /// <summary>Text out of a fixed set.</summary>
    Text = 2,

    /// <summary>A 32-bit number.</summary>
    SmallNumber = 3,

    /// <summary>A 64-bit number.</summary>
    LargeNumber = 5,

    /// <summary>A number with a fraction.</summary>
    Fraction = 6,

    /// <summary>A comma-separated list.</summary>
    List = 7,
}

/// <summary>One key of a topic's configuration.</summary>
/// <param name="Name">As in Kafka's documentation ("Topic Configs").</param>
/// <param name="Default">Kafka's default.</param>
/// <param name="Type">What its values are.</param>
/// <param name="Minimum">Smallest number allowed.</param>
/// <param name="Maximum">Largest number allowed.</param>
/// <param name="Choices">Allowed texts, if it is no number out of a range.</param>
public sealed record TopicConfigKey(string Name, string Default, TopicConfigType Type, long Minimum, long Maximum, IReadOnlyList<string> Choices)
{
    internal static TopicConfigKey Number(string name, long value, long minimum) =>
        new(name, value.ToString(CultureInfo.InvariantCulture), TopicConfigType.LargeNumber, minimum, long.MaxValue, []);

    internal static TopicConfigKey Count(string name, int value, int minimum, int maximum = int.MaxValue) =>
        new(name, value.ToString(CultureInfo.InvariantCulture), TopicConfigType.SmallNumber, minimum, maximum, []);

    internal static TopicConfigKey Ratio(string name, string value) => new(name, value, TopicConfigType.Fraction, 0, 1, []);

    internal static TopicConfigKey Flag(string name) => new(name, "false", TopicConfigType.Truth, 0, 0, ["true", "false"]);

    internal static TopicConfigKey Text(string name, params string[] choices) => new(name, choices[0], TopicConfigType.Text, 0, 0, choices);

    internal static TopicConfigKey List(string name, params string[] choices) => new(name, choices[0], TopicConfigType.List, 0, 0, choices);

    /// <summary>A list of partition:broker pairs, or * for all.</summary>
    internal static TopicConfigKey Replicas(string name) => new(name, "", TopicConfigType.List, 0, 0, []);

    /// <summary>What the values have to be; null if <paramref name="value"/> is one.</summary>
    internal string? WhyNot(string? value) => Type switch
    {
        not TopicConfigType.List when Choices.Count > 0 => value is not null && Choices.Contains(value) ? null : $"one of {string.Join(", ", Choices)}",
        TopicConfigType.List when Choices.Count == 0 => value is "" or "*" || value?.Split(',').All(IsPair) == true ? null : "a list of partition:broker, or *",
        TopicConfigType.List => value?.Split(',', StringSplitOptions.TrimEntries).All(Choices.Contains) == true ? null : $"a list of {string.Join(", ", Choices)}",
        TopicConfigType.Fraction => IsFraction(value) ? null : $"a number of at least {Minimum} and at most {Maximum}",
        _ => IsNumber(value) ? null : $"a whole number of at least {Minimum} and at most {Maximum}",
    };

    private static bool IsPair(string text) =>
        text.Split(':') is [var partition, var broker] && int.TryParse(partition, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        && int.TryParse(broker, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private bool IsNumber(string? value) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= Minimum && number <= Maximum;

    private bool IsFraction(string? value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= Minimum && number <= Maximum;
}
