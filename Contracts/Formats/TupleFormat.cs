using System.Diagnostics.CodeAnalysis;

namespace Streaming.Contracts.Formats;

/// <summary>
/// A fixed number of elements of different formats. Kafka's serializers have none; the layout is that of the elements of its list: one after the other, each as its
/// length in 4 bytes and its bytes, -1 as the length of a null. How many there are says the format, not the record.
/// </summary>
internal sealed class TupleFormat : ValueFormat
{
    private readonly IReadOnlyList<ValueFormat> _elements;

    public TupleFormat(IReadOnlyList<ValueFormat> elements)
        : base($"tuple[{string.Join(",", elements.Select(element => element.Name))}]", $"a JSON array of {elements.Count} elements") =>
        _elements = elements.Count > 0 ? elements : throw new ArgumentException("A tuple has at least one element.", nameof(elements));

    public override bool TryParse(string text, [NotNullWhen(true)] out byte[]? bytes, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        bytes = null;
        if (!JsonElements.TryRead(text, i => i < _elements.Count ? _elements[i] : null, out var elements, out problem))
        {
            return false;
        }

        if (elements.Count < _elements.Count)
        {
            problem = $"{Name} has {_elements.Count} elements, this has {elements.Count}";
            return false;
        }

        var output = new ByteOutput();
        elements.ForEach(output.AddWithLength);
        bytes = output.ToArray();
        return true;
    }

    public override bool TryRender(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? problem)
    {
        text = null;
        var input = new ByteInput(bytes);
        List<byte[]?> elements = [];
        for (var i = 0; i < _elements.Count; i++)
        {
            elements.Add(input.TakeWithLength());
        }

        problem = $"these {bytes.Length} bytes are not the {_elements.Count} elements of {Name}";
        return input.IsAtEnd && JsonElements.TryWrite(elements, i => _elements[i], out text, out problem);
    }
}
