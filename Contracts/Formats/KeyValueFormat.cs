using System.Diagnostics.CodeAnalysis;

namespace Streaming.Contracts.Formats;

/// <summary>A key and a value in one line of text, <c>key:value</c>: the first separator in the line divides them.</summary>
public sealed class KeyValueFormat
{
    private readonly string _separator;

    /// <summary>A line of a key, a separator and a value.</summary>
    /// <param name="key">The key's format.</param>
    /// <param name="value">The value's format.</param>
    /// <param name="separator">What stands between them; not empty.</param>
    public KeyValueFormat(ValueFormat key, ValueFormat value, string separator)
    {
        ArgumentException.ThrowIfNullOrEmpty(separator);
        (Key, Value, _separator) = (key, value, separator);
    }

    /// <summary>The key's format.</summary>
    public ValueFormat Key { get; }

    /// <summary>The value's format.</summary>
    public ValueFormat Value { get; }

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <param name="key">The key's bytes, when the answer is true.</param>
    /// <param name="value">The value's bytes, when the answer is true.</param>
    /// <param name="problem">What is wrong, when the answer is false: a sentence without a full stop.</param>
    public bool TryParse(string line, [NotNullWhen(true)] out byte[]? key, [NotNullWhen(true)] out byte[]? value, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(line);
        (key, value) = (null, null);
        var at = line.IndexOf(_separator, StringComparison.Ordinal);
        if (at < 0)
        {
            problem = $"there is no {Shown.Text(_separator)} between key and value";
            return false;
        }

        if (!Key.TryParse(line[..at], out key, out problem))
        {
            problem = $"the key: {problem}";
            return false;
        }

        if (!Value.TryParse(line[(at + _separator.Length)..], out value, out problem))
        {
            problem = $"the value: {problem}";
            return false;
        }

        return true;
    }

    /// <summary>Writes a line. A key whose text holds the separator is refused, since it would be read back as another one.</summary>
    public bool TryRender(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, [NotNullWhen(true)] out string? line, [NotNullWhen(false)] out string? problem)
    {
        line = null;
        if (!Key.TryRender(key, out var keyText, out problem))
        {
            problem = $"the key: {problem}";
            return false;
        }

        if (!Value.TryRender(value, out var valueText, out problem))
        {
            problem = $"the value: {problem}";
            return false;
        }

        // A key that ends in part of the separator would divide the line one place too early.
        if ((keyText + _separator).IndexOf(_separator, StringComparison.Ordinal) != keyText.Length)
        {
            problem = $"the key {Shown.Text(keyText)} holds the separator {Shown.Text(_separator)}";
            return false;
        }

        line = keyText + _separator + valueText;
        return true;
    }
}
