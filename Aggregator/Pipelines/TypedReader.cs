using System.Text;
using Streaming.Contracts.Measures;

namespace Streaming.Aggregator.Pipelines;

/// <summary>The value of one field of an event.</summary>
/// <param name="e">The event.</param>
/// <param name="value">The value in units of the field's scale; without meaning unless the answer is <see cref="FieldAnswer.Value"/>.</param>
internal delegate FieldAnswer FieldSelector<TEvent>(TEvent e, out long value);

/// <summary>Whether a field has a value.</summary>
internal enum FieldAnswer
{
    Value,
    Missing,

    /// <summary>Not a number, or one that does not fit.</summary>
    Impossible,
}

/// <summary>Where an event's group key comes from: the record's key, or a text or bytes of the event.</summary>
internal sealed record KeySelector<TEvent>(Func<TEvent, string?>? Text, Func<TEvent, ReadOnlyMemory<byte>>? Utf8)
{
    public static readonly KeySelector<TEvent> OfRecord = new(null, null);
}

/// <summary>The steps of a typed pipeline from record to event: decode (with filters and maps in it), key, fields.</summary>
internal sealed class TypedReader<TEvent>(
    EventDecoder<TEvent> decode, KeySelector<TEvent> key, IReadOnlyList<FieldSpec> fields, IReadOnlyList<FieldSelector<TEvent>> selectors) : EventReader(fields.Count)
{
    private readonly FieldSelector<TEvent>[] _selectors = [.. selectors];

    /// <summary>An exception out of the definition's code rejects the record that it was thrown on, and no other.</summary>
    public override Decoding Read(in RecordBytes record)
    {
        try
        {
            return ReadSteps(record);
        }
        catch (Exception e) when (Decoding.IsOfEvent(e))
        {
            return Decoding.Failed(e);
        }
    }

    private Decoding ReadSteps(in RecordBytes record)
    {
        var decoding = decode(record, out var e, out var eventTimeMs);
        if (!decoding.IsTaken)
        {
            return decoding;
        }

        EventTimeMs = eventTimeMs;
        decoding = TakeKeyOf(record, e);
        return decoding.IsTaken ? TakeFields(e) : decoding;
    }

    private Decoding TakeKeyOf(in RecordBytes record, TEvent e) =>
        key.Text is { } text ? TakeKey(text(e))
        : key.Utf8 is { } utf8 ? TakeKey(utf8(e).Span)
        : TakeRecordKey(record.Key);

    private Decoding TakeFields(TEvent e)
    {
        Missing = 0;
        var i = 0;
        try
        {
            for (; i < _selectors.Length; i++)
            {
                switch (_selectors[i](e, out Values[i]))
                {
                    case FieldAnswer.Missing when i == 0:
                        return Decoding.Rejected("missing-field", $"the event has no '{fields[i].Name}'");
                    case FieldAnswer.Missing:
                        Missing |= 1u << i;
                        break;
                    case FieldAnswer.Impossible:
                        return Impossible(i);
                }
            }
        }
        catch (OverflowException)
        {
            // A cast in the selector: of NaN, or of a number that is too large for its type.
            return Impossible(i);
        }

        return Decoding.Taken;
    }

    private Decoding Impossible(int field) =>
        Decoding.Rejected("overflow", $"'{fields[field].Name}' is no number, or too large for {fields[field].Scale} decimals");
}

/// <summary>How selectors of users' types become fields.</summary>
internal static class FieldSelectors
{
    public static FieldSelector<TEvent> Of<TEvent>(Func<TEvent, long> select) => (TEvent e, out long value) =>
    {
        value = select(e);
        return FieldAnswer.Value;
    };

    public static FieldSelector<TEvent> Of<TEvent>(Func<TEvent, long?> select) => (TEvent e, out long value) =>
    {
        var found = select(e);
        value = found.GetValueOrDefault();
        return found is null ? FieldAnswer.Missing : FieldAnswer.Value;
    };

    public static FieldSelector<TEvent> Of<TEvent>(Func<TEvent, decimal?> select, int scale) => (TEvent e, out long value) =>
    {
        value = 0;
        return select(e) is not { } number ? FieldAnswer.Missing
            : FixedPoint.FromDecimal(number, scale, out value) == FixedPointError.None ? FieldAnswer.Value
            : FieldAnswer.Impossible;
    };

    public static FieldSelector<TEvent> Identity<TEvent>(Func<TEvent, ReadOnlyMemory<byte>> select) => (TEvent e, out long value) =>
    {
        value = StableHash.IdentityOf(select(e).Span);
        return FieldAnswer.Value;
    };

    public static FieldSelector<TEvent> Identity<TEvent>(Func<TEvent, string?> select) => (TEvent e, out long value) =>
    {
        value = 0;
        if (select(e) is not { } text)
        {
            return FieldAnswer.Missing;
        }

        var length = Encoding.UTF8.GetByteCount(text);
        Span<byte> utf8 = length <= 512 ? stackalloc byte[length] : new byte[length];
        Encoding.UTF8.GetBytes(text, utf8);
        value = StableHash.IdentityOf(utf8);
        return FieldAnswer.Value;
    };
}
