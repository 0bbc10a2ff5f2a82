namespace Streaming.Dashboard.Kafka;

/// <summary>Kafka's own rule for the names of topics.</summary>
internal static class TopicName
{
    private const int Longest = 249;

    /// <summary>Letters of ASCII, digits, dots, underscores and dashes.</summary>
    public const string Rule = "1 to 249 characters: letters, digits, '.', '_' and '-'";

    /// <summary>Whether a topic can have this name.</summary>
    public static bool IsPossible(string name) =>
        name.Length is > 0 and <= Longest && name is not ("." or "..") && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
