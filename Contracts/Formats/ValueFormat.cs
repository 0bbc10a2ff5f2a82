using System.Diagnostics.CodeAnalysis;

namespace Streaming.Contracts.Formats;

/// <summary>
/// How a record's key or value looks as text, and which bytes that is on the wire. Reading text gives bytes that <see cref="TryRender"/> turns back into text of
/// the same meaning. Immutable, safe for several threads. Nothing throws because of what is in a text or in a record.
/// </summary>
public abstract class ValueFormat
{
    private protected ValueFormat(string name, string summary) => (Name, Summary) = (name, summary);

    /// <summary>The format's name, as <see cref="TryGet"/> takes it: <c>int32</c>, <c>list[string]</c>.</summary>
    public string Name { get; }

    /// <summary>What the text and the bytes are, in a line for people.</summary>
    public string Summary { get; }

    /// <summary>The length in bytes that every value has; null when they differ.</summary>
    internal virtual int? FixedLength => null;

    /// <summary>Reads text.</summary>
    /// <param name="text">The value as a person writes it.</param>
    /// <param name="bytes">The value's bytes, when the answer is true.</param>
    /// <param name="problem">What is wrong with the text, when the answer is false: a sentence without a full stop.</param>
    public abstract bool TryParse(string text, [NotNullWhen(true)] out byte[]? bytes, [NotNullWhen(false)] out string? problem);

    /// <summary>Writes bytes as text.</summary>
    /// <param name="bytes">A record's key or value.</param>
    /// <param name="text">The value as text, when the answer is true. It may hold any character, those that steer a terminal too.</param>
    /// <param name="problem">Why the bytes are no value of this format, when the answer is false: a sentence without a full stop.</param>
    public abstract bool TryRender(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? problem);

    /// <summary>The bytes of a text.</summary>
    /// <exception cref="FormatException">The text is no value of this format.</exception>
    public byte[] Parse(string text) => TryParse(text, out var bytes, out var problem) ? bytes : throw new FormatException(problem);

    /// <summary>The text of bytes.</summary>
    /// <exception cref="FormatException">The bytes are no value of this format.</exception>
    public string Render(ReadOnlySpan<byte> bytes) => TryRender(bytes, out var text, out var problem) ? text : throw new FormatException(problem);

    /// <summary>Finds a format by name: one of <see cref="ValueFormats.Simple"/>, <c>list[FORMAT]</c> or <c>tuple[FORMAT,…]</c>, nested as wanted.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out ValueFormat? format, [NotNullWhen(false)] out string? problem) =>
        FormatName.TryRead(name, out format, out problem);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
