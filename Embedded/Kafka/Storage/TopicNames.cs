namespace Streaming.Embedded.Kafka.Storage;

/// <summary>Kafka's rule for topic names.</summary>
public static class TopicNames
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxLength = 249;

    /// <summary>Null if the name is allowed, else why not.</summary>
    public static string? WhyNot(string? name) => name switch
    {
        null or "" => "The topic has no name.",
        "." or ".." => $"A topic cannot be called '{name}'.",
        { Length: > MaxLength } => $"The topic name is {name.Length} characters long; {MaxLength} are allowed.",
        _ when name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-') => null,
        _ => $"The topic name '{name}' may only have letters, digits, '.', '_' and '-' in it.",
    };
}
