namespace Streaming.Producer.Records;

/// <summary>A line of bytes.</summary>
/// <param name="Number">Its number, counted from 1.</param>
/// <param name="Bytes">Its bytes without its end (LF or CRLF); of a line that is too long, as much as was kept. Valid until the next line is read.</param>
/// <param name="IsTooLong">Whether it is longer than the limit.</param>
public readonly record struct Line(long Number, ReadOnlyMemory<byte> Bytes, bool IsTooLong);

/// <summary>Splits bytes into lines, holding no more than one line up to a limit: what is beyond is read and forgotten.</summary>
public sealed class LineReader(Stream stream, int longest)
{
    private const int ReadSize = 64 * 1024;

    private byte[] _buffer = new byte[ReadSize];
    private int _start;
    private int _end;
    private long _number;
    private bool _isAtEnd;

    /// <summary>The next line; null at the end. The last line needs no line end.</summary>
    public async ValueTask<Line?> ReadAsync(CancellationToken cancellationToken)
    {
        var searched = 0;
        while (true)
        {
            var feed = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                return Take(searched + feed, 1, isTooLong: false);
            }

            searched = _end - _start;
            if (_isAtEnd)
            {
                return searched == 0 ? null : Take(searched, 0, isTooLong: false);
            }

            // A line end in two bytes is no part of the line.
            if (searched > longest + 1)
            {
                return await TakeTooLongAsync(cancellationToken).ConfigureAwait(false);
            }

            await FillAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private Line Take(int length, int end, bool isTooLong)
    {
        var bytes = _buffer.AsMemory(_start, length);
        _start += length + end;
        bytes = bytes.Span is [.., (byte)'\r'] ? bytes[..^1] : bytes;
        return bytes.Length > longest ? new Line(++_number, bytes[..longest], true) : new Line(++_number, bytes, isTooLong);
    }

    private async ValueTask<Line> TakeTooLongAsync(CancellationToken cancellationToken)
    {
        var kept = _buffer.AsSpan(_start, longest).ToArray();
        while (true)
        {
            var feed = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            _start = feed >= 0 ? _start + feed + 1 : _end;
            if (feed >= 0 || _isAtEnd)
            {
                return new Line(++_number, kept, true);
            }

            await FillAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_buffer.Length - _end < ReadSize)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _end + ReadSize));
        }

        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += read;
        _isAtEnd = read == 0;
    }
}
