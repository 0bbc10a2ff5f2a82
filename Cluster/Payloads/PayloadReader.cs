using System.Text.Unicode;
using Streaming.Contracts.Formats;

namespace Streaming.Cluster.Payloads;

/// <summary>Reads Avro in Confluent's wire format.</summary>
public interface IAvroReader
{
    /// <summary>The value as JSON and which schema it was; else why it cannot be read. Never throws because of the bytes or the registry.</summary>
    /// <param name="wire">A zero byte, the schema's id in four bytes, the value.</param>
    ValueTask<AvroText> ReadAsync(ReadOnlyMemory<byte> wire, CancellationToken cancellationToken);
}

/// <summary>What came of reading Avro.</summary>
/// <param name="Json">The value; null when it cannot be read.</param>
/// <param name="Note">The schema's id and name, or why the value cannot be read.</param>
public sealed record AvroText(string? Json, string Note);

/// <summary>Turns the bytes of keys, values and headers into text for people. Safe for several threads.</summary>
/// <param name="avro">Reads Avro; null where no schema registry is configured.</param>
public sealed class PayloadReader(IAvroReader? avro = null)
{
    private const byte WireMagic = 0;
    private const int WireHead = 5;

    /// <summary>Whether there is a schema registry to ask.</summary>
    public bool ReadsAvro => avro is not null;

    /// <summary>Reads bytes in a format. What cannot be read so is given as hexadecimal digits, with a note.</summary>
    /// <param name="isCut">The bytes are only the beginning of a longer value.</param>
    public async ValueTask<PayloadText> ReadAsync(ReadOnlyMemory<byte>? bytes, PayloadFormat format, CancellationToken cancellationToken, bool isCut = false)
    {
        ArgumentNullException.ThrowIfNull(format);
        if (bytes is not { } payload)
        {
            return new PayloadText(PayloadKind.Null, "");
        }

        if (format.Value is { } asked)
        {
            return Asked(asked, payload.Span, isCut);
        }

        if (format == PayloadFormat.Avro || (avro is not null && LooksLikeWire(payload.Span)))
        {
            return await AvroAsync(payload, format == PayloadFormat.Avro, isCut, cancellationToken).ConfigureAwait(false);
        }

        return Found(payload.Span, isCut);
    }

    /// <summary>What the bytes are, by themselves.</summary>
    public static PayloadText Found(ReadOnlySpan<byte> bytes, bool isCut = false)
    {
        if (bytes.IsEmpty)
        {
            return new PayloadText(PayloadKind.Empty, "");
        }

        var whole = isCut ? WithoutTornCharacter(bytes) : bytes;
        if (!Utf8.IsValid(whole) || HasControl(whole))
        {
            return new PayloadText(PayloadKind.Hex, Convert.ToHexStringLower(bytes), LooksLikeWire(bytes) ? "Perhaps Avro: no schema registry is configured." : null);
        }

        var text = System.Text.Encoding.UTF8.GetString(whole);
        var isJson = !isCut && whole.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[' or (byte)'"', ..] && JsonCheck.Problem(whole) is null;
        return new PayloadText(isJson ? PayloadKind.Json : PayloadKind.Text, text);
    }

    private static PayloadText Asked(ValueFormat format, ReadOnlySpan<byte> bytes, bool isCut)
    {
        if (isCut)
        {
            return Found(bytes, isCut) with { Note = "Too large to be shown whole." };
        }

        return format.TryRender(bytes, out var text, out var problem)
            ? new PayloadText(format == ValueFormats.Json ? PayloadKind.Json : PayloadKind.Asked, text)
            : Found(bytes) with { Note = $"Not {format.Name}: {problem}." };
    }

    private async ValueTask<PayloadText> AvroAsync(ReadOnlyMemory<byte> bytes, bool isAsked, bool isCut, CancellationToken cancellationToken)
    {
        if (avro is null)
        {
            return Found(bytes.Span, isCut) with { Note = "Not read as Avro: no schema registry is configured." };
        }

        if (!LooksLikeWire(bytes.Span) || isCut)
        {
            return Found(bytes.Span, isCut) with { Note = isCut ? "Too large to be shown whole." : "Not Avro in Confluent's wire format: no zero byte and schema id in front." };
        }

        var read = await avro.ReadAsync(bytes, cancellationToken).ConfigureAwait(false);
        return read.Json is { } json ? new PayloadText(PayloadKind.Avro, json, read.Note) : Found(bytes.Span) with { Note = isAsked ? $"Not read as Avro: {read.Note}" : $"Perhaps Avro: {read.Note}" };
    }

    private static bool LooksLikeWire(ReadOnlySpan<byte> bytes) => bytes.Length >= WireHead && bytes[0] == WireMagic;

    /// <summary>Line ends and tabs are text; an escape or a zero byte is not.</summary>
    private static bool HasControl(ReadOnlySpan<byte> utf8)
    {
        foreach (var unit in utf8)
        {
            if (unit is < 0x20 and not ((byte)'\t' or (byte)'\n' or (byte)'\r') or 0x7f)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Where text was cut may be the middle of a character: at most three bytes go.</summary>
    private static ReadOnlySpan<byte> WithoutTornCharacter(ReadOnlySpan<byte> bytes)
    {
        for (var cut = 0; cut <= 3 && cut < bytes.Length; cut++)
        {
            if (Utf8.IsValid(bytes[..^cut]))
            {
                return bytes[..^cut];
            }
        }

        return bytes;
    }
}
