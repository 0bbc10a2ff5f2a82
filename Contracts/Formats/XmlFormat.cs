using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Xml;

namespace Streaming.Contracts.Formats;

/// <summary>
/// One well-formed XML document, left as it is. A document type is refused: it can name files and addresses, and make much out of little. Depth and size are
/// bounded by the record; the reader holds one name per open element.
/// </summary>
internal sealed class XmlFormat() : ValueFormat("xml", "one XML document, without a document type")
{
    public override bool TryParse(string text, [NotNullWhen(true)] out byte[]? bytes, [NotNullWhen(false)] out string? problem)
    {
        if (TextFormat.TryEncode(text, out bytes, out problem) && (problem = XmlCheck.Problem(bytes)) is not null)
        {
            bytes = null;
        }

        return bytes is not null;
    }

    public override bool TryRender(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? problem)
    {
        text = null;
        problem = XmlCheck.Problem(bytes, out var encoding);
        if (problem is null)
        {
            var mark = encoding!.GetPreamble();
            text = encoding.GetString(mark.Length > 0 && bytes.StartsWith(mark) ? bytes[mark.Length..] : bytes);
        }

        return text is not null;
    }
}

/// <summary>Whether bytes are one XML document.</summary>
public static class XmlCheck
{
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        CheckCharacters = true,
    };

    /// <summary>Null when the bytes are one well-formed document in the encoding that it declares (UTF-8 without a word); else what is wrong, without a full stop.</summary>
    public static string? Problem(ReadOnlySpan<byte> document) => Problem(document, out _);

    internal static string? Problem(ReadOnlySpan<byte> document, out Encoding? encoding)
    {
        encoding = null;
        try
        {
            using var stream = new MemoryStream(document.ToArray(), writable: false);
            using var reader = new XmlTextReader(stream) { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, Namespaces = true };
            using var checking = XmlReader.Create(reader, Settings);
            while (checking.Read())
            {
                encoding ??= reader.Encoding;
            }

            encoding ??= Encoding.UTF8;
            return null;
        }
        catch (XmlException exception)
        {
            return $"no XML: {Plain(exception)}";
        }
        catch (Exception exception) when (exception is ArgumentException or DecoderFallbackException or NotSupportedException)
        {
            return "no XML: its declared encoding is unknown or not the one that it is in";
        }
    }

    private static string Plain(XmlException exception) => Shown.Text(exception.Message) + (exception.LineNumber > 0 ? $" at line {exception.LineNumber}, position {exception.LinePosition}" : "");
}
