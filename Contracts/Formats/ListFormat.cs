using System.Diagnostics.CodeAnalysis;

namespace Streaming.Contracts.Formats;

/// <summary>
/// Kafka's list (ListSerializer, KIP-466; all integers in 4 bytes, most significant first). One byte says which of two layouts follows. 0, where all elements have
/// one length (int16, int32, int64, float, double, uuid): the number of nulls, the index of each, the number of elements with the nulls, the elements without them. 1, for the
/// others: the number of elements, then each as its length and its bytes, -1 as the length of a null.
/// </summary>
internal sealed class ListFormat(ValueFormat element) : ValueFormat($"list[{element.Name}]", $"a JSON array of {element.Name}")
{
    private const byte OneLength = 0;
    private const byte OwnLengths = 1;

    public override bool TryParse(string text, [NotNullWhen(true)] out byte[]? bytes, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        bytes = null;
        if (JsonElements.TryRead(text, _ => element, out var elements, out problem))
        {
            bytes = element.FixedLength is null ? WriteOwnLengths(elements) : WriteOneLength(elements);
        }

        return bytes is not null;
    }

    public override bool TryRender(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? problem)
    {
        text = null;
        var input = new ByteInput(bytes);
        var elements = input.TakeByte() switch
        {
            OneLength when element.FixedLength is { } length => ReadOneLength(ref input, length),
            OwnLengths when element.FixedLength is null => ReadOwnLengths(ref input),
            _ => null,
        };
        problem = $"these {bytes.Length} bytes are no {Name} as Kafka's ListSerializer writes it";
        return elements is not null && input.IsAtEnd && JsonElements.TryWrite(elements, _ => element, out text, out problem);
    }

    private static byte[] WriteOneLength(List<byte[]?> elements)
    {
        var nulls = Enumerable.Range(0, elements.Count).Where(i => elements[i] is null).ToList();
        var output = new ByteOutput();
        output.Add(OneLength);
        output.Add(nulls.Count);
        nulls.ForEach(output.Add);
        output.Add(elements.Count);
        foreach (var one in elements.OfType<byte[]>())
        {
            output.Add(one);
        }

        return output.ToArray();
    }

    private static byte[] WriteOwnLengths(List<byte[]?> elements)
    {
        var output = new ByteOutput();
        output.Add(OwnLengths);
        output.Add(elements.Count);
        elements.ForEach(output.AddWithLength);
        return output.ToArray();
    }

    private static List<byte[]?>? ReadOneLength(ref ByteInput input, int length)
    {
        HashSet<int> nulls = [];
        for (var left = input.TakeCount(sizeof(int)); left > 0; left--)
        {
            if (!nulls.Add(input.TakeInt32()))
            {
                return null;
            }
        }

        // No more elements than bytes are left for, and as many nulls as were named: nothing is made of a length that is not there.
        var count = input.TakeInt32();
        if (count < 0 || count - (long)nulls.Count > input.Left / length || nulls.Any(index => index < 0 || index >= count))
        {
            return null;
        }

        List<byte[]?> elements = [];
        for (var i = 0; i < count && !input.HasFailed; i++)
        {
            elements.Add(nulls.Contains(i) ? null : input.Take(length));
        }

        return input.HasFailed ? null : elements;
    }

    private static List<byte[]?>? ReadOwnLengths(ref ByteInput input)
    {
        List<byte[]?> elements = [];
        for (var left = input.TakeCount(sizeof(int)); left > 0 && !input.HasFailed; left--)
        {
            elements.Add(input.TakeWithLength());
        }

        return input.HasFailed ? null : elements;
    }
}
