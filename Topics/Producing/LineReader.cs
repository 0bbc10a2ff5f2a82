namespace Streaming.Topics.Producing;

/// <summary>Reads lines as bytes, and never more than a bounded line of them into memory.</summary>
internal sealed class LineReader(Stream input, int longestLine)
{
    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;
    private bool _isOver;

    /// <summary>How many lines have been read.</summary>
    public long Line { get; private set; }

    /// <summary>The next line without its end (LF or CR LF); null after the last. Valid until the next call.</summary>
    /// <exception cref="InvalidDataException">The line is longer than allowed.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellationToken)
    {
        for (var searched = 0; ;)
        {
            var found = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                return Take(searched + found, skip: 1);
            }

            searched = _end - _start;
            if (_isOver)
            {
                return searched == 0 ? (ReadOnlyMemory<byte>?)null : Take(searched, skip: 0);
            }

            await FillAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>All that is left, as one.</summary>
    /// <exception cref="InvalidDataException">It is longer than a line may be.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> RestAsync(CancellationToken cancellationToken)
    {
        while (!_isOver)
        {
            await FillAsync(cancellationToken).ConfigureAwait(false);
        }

        Line++;
        return _buffer.AsMemory(_start, _end - _start);
    }

    private ReadOnlyMemory<byte> Take(int length, int skip)
    {
        var line = _buffer.AsMemory(_start, length);
        _start += length + skip;
        Line++;
        return line.Span is [.., (byte)'\r'] ? line[..^1] : line;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= longestLine)
            {
                throw new InvalidDataException($"Line {Line + 1} is longer than {longestLine} bytes.");
            }

            Array.Resize(ref _buffer, (int)Math.Min((long)_buffer.Length * 2, longestLine));
        }

        // A terminal's read cannot be called off; whoever stops does not wait for it.
        var read = await input.ReadAsync(_buffer.AsMemory(_end), cancellationToken).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        _end += read;
        _isOver = read == 0;
    }
}
