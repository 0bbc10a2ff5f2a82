using System.IO.Compression;
using System.Text;

namespace Streaming.Producer.Import.Input;

/// <summary>
/// The input as UTF-8 without a byte order mark, whatever it is in: unpacked when it is gzip, transcoded when its encoding is another. Knows how much of the
/// source was read, for the progress.
/// </summary>
public sealed class InputText : IAsyncDisposable
{
    private static readonly byte[] Utf8Mark = [0xEF, 0xBB, 0xBF];

    private readonly SourceStream _source;
    private readonly List<Stream> _layers;

    private InputText(SourceStream source, List<Stream> layers) => (_source, _layers) = (source, layers);

    /// <summary>The text.</summary>
    public Stream Utf8 => _layers[^1];

    /// <summary>Bytes read of the source so far.</summary>
    public long BytesRead => _source.BytesRead;

    /// <summary>Bytes of the source in all; null when that is not known.</summary>
    public long? Length => _source.Length;

    /// <summary>Looks at the first bytes and sets up what is needed.</summary>
    /// <param name="source">The input; disposed of with this.</param>
    /// <param name="length">Its length in bytes; null when that is not known.</param>
    /// <param name="encoding">Its encoding; null for UTF-8 or what a byte order mark says.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<InputText> OpenAsync(Stream source, long? length, Encoding? encoding, CancellationToken cancellationToken)
    {
        var counted = new SourceStream(source, length);
        List<Stream> layers = [counted];
        var start = await Prefixed.OpenAsync(counted, cancellationToken).ConfigureAwait(false);
        layers.Add(start);
        if (start.Prefix.Span is [0x1F, 0x8B, ..])
        {
            layers.Add(new GZipStream(start, CompressionMode.Decompress));
            start = await Prefixed.OpenAsync(layers[^1], cancellationToken).ConfigureAwait(false);
            layers.Add(start);
        }

        if ((encoding ?? Marked(start.Prefix.Span)) is { } other and not UTF8Encoding)
        {
            layers.Add(Encoding.CreateTranscodingStream(start, other, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)));
            start = await Prefixed.OpenAsync(layers[^1], cancellationToken).ConfigureAwait(false);
            layers.Add(start);
        }

        if (start.Prefix.Span.StartsWith(Utf8Mark))
        {
            start.Drop(Utf8Mark.Length);
        }

        return new InputText(counted, layers);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        for (var i = _layers.Count - 1; i >= 0; i--)
        {
            await _layers[i].DisposeAsync().ConfigureAwait(false);
        }
    }

    private static Encoding? Marked(ReadOnlySpan<byte> start) => start switch
    {
        [0xFF, 0xFE, ..] => Encoding.Unicode,
        [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode,
        _ => null,
    };
}
