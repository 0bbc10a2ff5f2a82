using Streaming.Contracts.Avro;

namespace Streaming.Embedded.SchemaRegistry.Records;

/// <summary>The registry's words for levels of compatibility.</summary>
internal static class Levels
{
    /// <summary>What holds where nothing is said.</summary>
    public const CompatibilityLevel Default = CompatibilityLevel.Backward;

    /// <summary>The words that are known here.</summary>
    public static readonly string[] Words = [.. Enum.GetValues<CompatibilityLevel>().Select(Word)];

    /// <summary>The word of a level.</summary>
    public static string Word(CompatibilityLevel level) => level switch
    {
        CompatibilityLevel.None => "NONE",
        CompatibilityLevel.Backward => "BACKWARD",
        CompatibilityLevel.Forward => "FORWARD",
        CompatibilityLevel.Full => "FULL",
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "not a level"),
    };

    /// <summary>The level of a word; null for any other, such as the transitive ones.</summary>
    public static CompatibilityLevel? Find(string word) =>
        Enum.GetValues<CompatibilityLevel>().Where(level => Word(level) == word).Select(level => (CompatibilityLevel?)level).FirstOrDefault();
}
